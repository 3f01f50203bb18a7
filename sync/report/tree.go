package report

import (
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// projectNode is a project with the presets in which something changes, or would. If id is empty it is the company
// itself.
type projectNode struct {
	id      procore.ProjectID
	title   string
	presets []presetNode
}

// presetNode is one preset with its groups that change.
type presetNode struct {
	title  string
	id     procore.PresetID
	groups []groupNode
	others int    // managed and unmanaged groups that are sent back as read; 0 if nothing is, or was, sent
	notes  []note // what happened to the preset as a whole
}

// groupNode is one managed group with its changes.
type groupNode struct {
	name    string
	changes []sync.Change
	keeps   int       // people who stay and are not a change
	hold    sync.Kind // set if the whole group stays as read
}

// note is what went wrong while a preset was written. It is shown once, although each of the preset's changes carries
// it.
type note struct {
	status sync.Status
	text   string
}

// tree groups the record's changes by project, preset and group. The plan adds what changes do not say: who stays, and
// how much of a preset is sent back as read.
func tree(rec sync.Record, changes []sync.Change) []projectNode {
	if !slices.IsSortedFunc(changes, sync.CompareChanges) {
		changes = slices.Clone(changes)
		slices.SortStableFunc(changes, sync.CompareChanges)
	}
	plans, asPlan := presetPlans(rec.Plan), isPlan(rec)

	var projects []projectNode
	for project, rest := range runs(changes, func(c sync.Change) procore.ProjectID { return c.Project }) {
		node := projectNode{id: project, title: projectTitle(rest[0])}
		for ref, rest := range runs(rest, sync.Change.Ref) {
			node.presets = append(node.presets, newPresetNode(plans[ref], rest, asPlan))
		}
		projects = append(projects, node)
	}
	return projects
}

func newPresetNode(plan *sync.PresetPlan, changes []sync.Change, asPlan bool) presetNode {
	node := presetNode{title: Clean(changes[0].TemplateName), id: changes[0].Preset, notes: notes(changes)}
	for uuid, rest := range runs(changes, func(c sync.Change) procore.GroupUUID { return c.GroupUUID }) {
		node.groups = append(node.groups, newGroupNode(findGroup(plan, uuid), rest))
	}
	if plan != nil && plan.Changed() && sent(changes, asPlan) {
		node.others = len(plan.Write) - changedGroups(plan)
	}
	return node
}

// sent reports whether the preset's list is to be sent, or was sent and took effect.
func sent(changes []sync.Change, asPlan bool) bool {
	return asPlan || slices.ContainsFunc(changes, func(c sync.Change) bool { return c.Status == sync.Applied })
}

func newGroupNode(plan *sync.GroupPlan, changes []sync.Change) groupNode {
	node := groupNode{name: Clean(changes[0].GroupName), changes: changes}
	if plan == nil {
		return node
	}
	node.hold = plan.Hold
	shown := map[procore.LoginID]bool{}
	for _, c := range changes {
		shown[c.LoginID] = true
	}
	for _, id := range plan.Before {
		if slices.Contains(plan.After, id) && !shown[id] {
			node.keeps++
		}
	}
	return node
}

// runs yields the runs of consecutive changes with the same key, in order.
func runs[K comparable](changes []sync.Change, key func(sync.Change) K) func(func(K, []sync.Change) bool) {
	return func(yield func(K, []sync.Change) bool) {
		for len(changes) > 0 {
			k, n := key(changes[0]), 1
			for n < len(changes) && key(changes[n]) == k {
				n++
			}
			if !yield(k, changes[:n]) {
				return
			}
			changes = changes[n:]
		}
	}
}

func presetPlans(plan *sync.Plan) map[procore.PresetRef]*sync.PresetPlan {
	if plan == nil {
		return nil
	}
	plans := make(map[procore.PresetRef]*sync.PresetPlan, len(plan.Presets))
	for i := range plan.Presets {
		plans[plan.Presets[i].Ref] = &plan.Presets[i]
	}
	return plans
}

func findGroup(plan *sync.PresetPlan, uuid procore.GroupUUID) *sync.GroupPlan {
	if plan == nil {
		return nil
	}
	for i := range plan.Groups {
		if plan.Groups[i].UUID == uuid {
			return &plan.Groups[i]
		}
	}
	return nil
}

// changedGroups counts the groups of a preset that are sent with people other than those read.
func changedGroups(plan *sync.PresetPlan) int {
	n := 0
	for _, g := range plan.Groups {
		if !slices.Equal(g.Before, g.After) {
			n++
		}
	}
	return n
}

// notes collects what the changes of one preset say about its writing, each thing once.
func notes(changes []sync.Change) []note {
	var list []note
	for _, c := range changes {
		if c.Error == "" {
			continue
		}
		n := note{status: c.Status, text: Clean(c.Error) + answer(c)}
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// answer identifies the answer to the write, for Procore's support: its status and request id.
func answer(c sync.Change) string {
	var parts []string
	if c.HTTPStatus != 0 {
		parts = append(parts, "HTTP "+httpStatus(c.HTTPStatus))
	}
	if c.RequestID != "" {
		parts = append(parts, "request "+Clean(c.RequestID))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func projectTitle(c sync.Change) string {
	if c.Project == "" {
		return "Company-level tools"
	}
	title := strings.TrimSpace(Clean(c.ProjectNumber + " " + c.ProjectName))
	if title == "" {
		return "Project " + Clean(string(c.Project))
	}
	return title
}

// personOf names the person of a change: name and login, as far as they are known.
func personOf(c sync.Change) string {
	return personText(Clean(c.PersonName), Clean(c.Login), c.LoginID)
}

// because returns what follows a person: what became of the change if the sign does not say it, then why, and where HR
// says so. The hold of a whole group is shown once, for the group.
func because(c sync.Change, groupHold sync.Kind, asPlan bool) string {
	why := reasonIn(c, groupHold)
	words := markOf(c.Action, c.Status, asPlan).words
	if words != "" && why != "" {
		words += ": "
	}
	if words += why; len(c.Source) > 0 {
		words += " (" + positions(c.Source) + ")"
	}
	return strings.TrimSpace(words)
}

// reasonIn returns a change's reason, without the hold if it was shown for the whole group.
func reasonIn(c sync.Change, groupHold sync.Kind) string {
	why := c.Reason
	if why.Hold == groupHold {
		why.Hold = ""
	}
	return Clean(why.String())
}

// positions lists HR rows.
func positions(source sync.Positions) string { return strings.Join(cleaned(source), "; ") }

func cleaned(source sync.Positions) []string {
	list := make([]string, len(source))
	for i, at := range source {
		list[i] = Clean(at)
	}
	return list
}

// rest says who else is in the group.
func (g groupNode) rest() string {
	switch {
	case g.hold != "":
		return "the whole group stays as read (" + string(g.hold) + ")"
	case g.keeps == 1:
		return "keeps 1 other unchanged"
	case g.keeps > 1:
		return "keeps " + sync.Grouped(g.keeps) + " others unchanged"
	default:
		return ""
	}
}

// rest says how much of the preset is sent back untouched.
func (p presetNode) rest(asPlan bool) string {
	switch p.others {
	case 0:
		return ""
	case 1:
		return "1 other group " + either(asPlan, "is", "was") + " sent back as read"
	default:
		return sync.Grouped(p.others) + " other groups " + either(asPlan, "are", "were") + " sent back as read"
	}
}
