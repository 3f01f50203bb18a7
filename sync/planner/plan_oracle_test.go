package planner

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// oracle works out anew who comes, who stays and who leaves, for one person in one group, with nothing indexed and nothing shared with the
// planner but the folding of names.
type oracle struct{ in Inputs }

// addresses are all that Procore gave for an id.
func (o oracle) addresses(id procore.LoginID) map[string]bool {
	found := map[string]bool{}
	for _, u := range o.in.Snapshot.Users {
		if u.ID == id {
			found[strings.ToLower(u.Email)] = true
		}
	}
	for _, l := range o.workflowLogins() {
		if l.ID == id {
			found[strings.ToLower(l.Login)] = true
		}
	}
	delete(found, "")
	return found
}

func (o oracle) workflowLogins() []procore.Login {
	var all []procore.Login
	for _, p := range o.in.Snapshot.Presets {
		for _, m := range p.Preset.Memberships {
			all = append(all, m.Assignees...)
		}
	}
	for _, list := range o.in.Snapshot.Possible {
		all = append(all, list...)
	}
	return all
}

// login is the address that stands for an id: the workflow's, else the directory's.
func (o oracle) login(id procore.LoginID) string {
	for _, l := range o.workflowLogins() {
		if l.ID == id && l.Login != "" {
			return l.Login
		}
	}
	for _, u := range o.in.Snapshot.Users {
		if u.ID == id && u.Email != "" {
			return u.Email
		}
	}
	return ""
}

func (o oracle) ids() []procore.LoginID {
	seen := map[procore.LoginID]bool{}
	for _, u := range o.in.Snapshot.Users {
		seen[u.ID] = true
	}
	for _, l := range o.workflowLogins() {
		seen[l.ID] = true
	}
	var ids []procore.LoginID
	for id := range seen {
		ids = append(ids, id)
	}
	return ids
}

func (o oracle) active(id procore.LoginID) bool {
	listed, active := false, false
	for _, u := range o.in.Snapshot.Users {
		if u.ID == id {
			listed, active = true, active || u.Active
		}
	}
	return active || !listed
}

func (o oracle) employeeIDs(id procore.LoginID) []string {
	var found []string
	for _, u := range o.in.Snapshot.Users {
		if u.ID == id && u.EmployeeID != "" && u.EmployeeID != "N/A" && !slices.Contains(found, u.EmployeeID) {
			found = append(found, u.EmployeeID)
		}
	}
	return found
}

func (o oracle) named(logins []string, employee string) []procore.LoginID {
	var found []procore.LoginID
	for _, id := range o.ids() {
		hit := employee != "" && slices.Contains(o.employeeIDs(id), employee)
		for _, l := range logins {
			hit = hit || l != "" && o.addresses(id)[strings.ToLower(l)]
		}
		if hit {
			found = append(found, id)
		}
	}
	return found
}

// resolve returns the person of a row, with a kind where there is none to be chosen, and everybody found.
func (o oracle) resolve(m hrsource.Member) (who procore.LoginID, kind sync.Kind, found []procore.LoginID) {
	found = o.named([]string{m.Login()}, m.EmployeeID)
	var best []procore.LoginID
	for _, id := range found {
		if o.active(id) {
			best = append(best, id)
		}
	}
	if len(best) == 0 {
		best = found
	}
	switch {
	case len(best) == 0:
		return "", sync.NotInProcore, nil
	case len(best) > 1:
		return "", sync.Ambiguous, found
	case !o.active(best[0]):
		return best[0], sync.Inactive, found
	default:
		return best[0], "", found
	}
}

// projects returns those that a row's text means.
func (o oracle) projects(text string) []procore.ProjectID {
	var found []procore.ProjectID
	for _, p := range o.in.Snapshot.Projects {
		if string(p.ID) == text || p.Number != "" && strings.EqualFold(p.Number, strings.TrimSpace(text)) {
			found = append(found, p.ID)
		}
	}
	return found
}

// rules returns the rules of a group: those of the map, or the team of the group's name.
func (o oracle) rules(state sync.PresetState, g procore.ResponsibleGroup) (rules []rule, managed bool) {
	if o.in.RoleMap.names {
		spellings := map[string]bool{}
		for _, m := range o.in.Roster.Members {
			if sync.FoldName(m.Team) != "" && sync.FoldName(m.Team) == sync.FoldName(g.Name) {
				spellings[sync.FoldText(m.Team)] = true
				rules = []rule{newRule(hrsource.RoleRow{Template: "*", Group: m.Team, Team: m.Team, Role: "*"})}
			}
		}
		managed = len(spellings) == 1
	} else {
		for _, r := range o.in.RoleMap.rules {
			named := r.row.Template == "*" || r.row.Template == string(state.TemplateID) || sync.FoldName(r.row.Template) == sync.FoldName(state.TemplateName)
			if named && sync.FoldName(g.Name) != "" && sync.FoldName(r.row.Group) == sync.FoldName(g.Name) {
				rules = append(rules, r)
			}
		}
		managed = len(rules) > 0
	}
	same := 0
	for _, other := range o.in.Snapshot.Versions[state.Preset.Template.Published].Groups {
		if sync.FoldName(other.Name) == sync.FoldName(g.Name) {
			same++
		}
	}
	return rules, managed && same == 1 && strings.EqualFold(g.Type, "responsible_role")
}

func ofTeam(r rule, m hrsource.Member) bool {
	return sync.FoldName(r.row.Team) == sync.FoldName(m.Team)
}

func ofRule(r rule, m hrsource.Member) bool {
	return ofTeam(r, m) && (r.row.Role == "*" || sync.FoldName(m.Role) != "" && sync.FoldName(r.row.Role) == sync.FoldName(m.Role))
}

// members returns the rows that fill a group in a project.
func (o oracle) members(state sync.PresetState, rules []rule) []hrsource.Member {
	var out []hrsource.Member
	for _, m := range o.in.Roster.Members {
		here := m.Project == ""
		if p := o.projects(m.Project); m.Project != "" && len(p) == 1 && p[0] == state.Ref.Project {
			here = true
		}
		if m.On(o.in.Today) && here && slices.ContainsFunc(rules, func(r rule) bool { return ofRule(r, m) }) {
			out = append(out, m)
		}
	}
	return out
}

// wants reports whether the roster puts someone into a group.
func (o oracle) wants(members []hrsource.Member, id procore.LoginID) bool {
	for _, m := range members {
		if who, kind, _ := o.resolve(m); who == id && kind == "" {
			return true
		}
	}
	return false
}

// mayLeave goes through every rule about who may be removed for somebody in a group whom the roster does not put there.
func (o oracle) mayLeave(rules []rule, members []hrsource.Member, id procore.LoginID) bool {
	in := o.in
	login := strings.ToLower(o.login(id))
	if in.Policy.Mode == sync.Additive || login == "" {
		return false
	}
	for address := range o.addresses(id) {
		for _, glob := range in.Policy.Protected {
			if ok, _ := path.Match(strings.ToLower(glob), address); ok {
				return false
			}
		}
	}
	if len(in.Policy.ManagedDomains) > 0 && !strings.HasSuffix(login, "@"+strings.ToLower(in.Policy.ManagedDomains[0])) {
		return false
	}
	for _, m := range members {
		if who, kind, _ := o.resolve(m); kind == sync.Inactive && who == id {
			return false
		}
	}
	for _, r := range in.Roster.Rejected {
		if slices.Contains(o.named([]string{r.Email, r.ProcoreLogin}, r.EmployeeID), id) {
			return false
		}
	}
	known := false
	for _, m := range in.Roster.Members {
		who, kind, found := o.resolve(m)
		if kind == sync.Ambiguous && slices.Contains(found, id) {
			return false
		}
		if kind != "" && who != id && slices.Contains(o.named([]string{m.Email, m.ProcoreLogin}, ""), id) {
			return false
		}
		known = known || who == id
		if m.On(in.Today) && o.onUnknown(rules, m) && who == id {
			return false
		}
	}
	return known || !o.mayBeSomebody(rules, members, id)
}

func (o oracle) onUnknown(rules []rule, m hrsource.Member) bool {
	return m.Project != "" && len(o.projects(m.Project)) != 1 && slices.ContainsFunc(rules, func(r rule) bool { return ofTeam(r, m) })
}

// mayBeSomebody reports whether someone whom the roster does not know may be a member who could not be resolved.
func (o oracle) mayBeSomebody(rules []rule, members []hrsource.Member, id procore.LoginID) bool {
	if !o.active(id) {
		return false
	}
	theirs := o.employeeIDs(id)
	for _, r := range o.in.Roster.Rejected {
		idIsRight := r.Column != "" && r.Column != "employee_id"
		if (sync.FoldName(r.Team) == "" || o.filledBy(rules, r.Team)) && (!idIsRight || len(theirs) != 1 || mayBeTheSame(theirs[0], r.EmployeeID)) {
			return true
		}
	}
	for _, m := range o.in.Roster.Members {
		if m.On(o.in.Today) && o.onUnknown(rules, m) {
			members = append(members, m)
		}
	}
	for _, m := range members {
		if _, kind, _ := o.resolve(m); kind != sync.NotInProcore && kind != sync.Ambiguous {
			continue
		}
		if len(theirs) != 1 || mayBeTheSame(theirs[0], m.EmployeeID) {
			return true
		}
	}
	return false
}

var (
	leadingZeros = regexp.MustCompile(`(^|[^0-9])0+`)
	punctuation  = regexp.MustCompile(`[^a-z0-9]`)
)

// mayBeTheSame compares employee ids as the planner does: without case, leading zeros and punctuation.
func mayBeTheSame(a, b string) bool {
	if a == "" || b == "" {
		return true
	}
	zerosFirst := func(id string) string {
		return punctuation.ReplaceAllString(leadingZeros.ReplaceAllString(id, "$1"), "")
	}
	zerosLast := func(id string) string {
		return leadingZeros.ReplaceAllString(punctuation.ReplaceAllString(id, ""), "$1")
	}
	a, b = strings.ToLower(a), strings.ToLower(b)
	for _, x := range []string{zerosFirst(a), zerosLast(a)} {
		if x == zerosFirst(b) || x == zerosLast(b) {
			return true
		}
	}
	return false
}

// filledBy reports whether a rule has a team that HR has rows of.
func (o oracle) filledBy(rules []rule, team string) bool {
	return slices.ContainsFunc(rules, func(r rule) bool { return sync.FoldName(r.row.Team) == sync.FoldName(team) })
}

// sparedFor says which mistake of the map or of HR keeps somebody.
func (o oracle) sparedFor(state sync.PresetState, rules []rule, id procore.LoginID) sync.Kind {
	forgotten := false
	for _, r := range rules {
		if !slices.ContainsFunc(o.in.Roster.Members, func(m hrsource.Member) bool { return ofRule(r, m) }) {
			return sync.HeldTeamMissing
		}
	}
	for _, r := range rules {
		every, single, here := false, false, false
		for _, m := range o.in.Roster.Members {
			if !ofRule(r, m) {
				continue
			}
			if m.Project == "" {
				every = true
				continue
			}
			single = true
			p := o.projects(m.Project)
			here = here || len(p) == 1 && p[0] == state.Ref.Project
		}
		forgets := single && !every && !here
		forgotten = forgotten || forgets && !o.hasLeft(r, id)
	}
	if forgotten {
		return sync.HeldNoProjectRows
	}
	return ""
}

// hasLeft reports whether somebody's own rows of a rule's team all say that they are gone.
func (o oracle) hasLeft(r rule, id procore.LoginID) bool {
	rows := 0
	for _, m := range o.in.Roster.Members {
		who, _, _ := o.resolve(m)
		if who != id || !ofTeam(r, m) {
			continue
		}
		rows++
		if m.Status != hrsource.Terminated && (m.End.IsZero() || !m.End.Before(o.in.Today)) {
			return false
		}
	}
	return rows > 0
}
