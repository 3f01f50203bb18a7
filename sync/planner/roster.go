package planner

import (
	"cmp"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// row is one accepted HR row, looked up in Procore.
type row struct {
	*hrsource.Member
	team    *team
	role    string           // folded
	project *procore.Project // nil: every project, or one that is unknown
	unknown bool             // no project has this id or number, or more than one
	today   bool             // it makes its person a member today
	match   match
	who     *person // the one person found; else nil

	// byNumber reports whether who was found by employee id alone, while Procore does not know the address that HR has.
	byNumber bool
}

// everyProject reports whether the row is for every project.
func (r *row) everyProject() bool { return r.project == nil && !r.unknown }

// on reports whether the row applies to a preset's project. The company's own presets have no project and take only
// rows for every project.
func (r *row) on(project procore.ProjectID) bool {
	return r.everyProject() || r.project != nil && r.project.ID == project
}

// team is what HR has about one team.
type team struct {
	name     string         // as HR writes it in the first row that has it
	text     string         // folded by case and spaces only
	twoNames bool           // rows spell it in ways that differ in more than case and spaces
	at       sync.Positions // where it first occurs
	used     bool           // a rule names it
	inRoles  []*teamInRole

	// lost are the rows of today's members who are not found in Procore and whose project is unknown.
	lost []*row
}

// roster is the HR data, looked up in Procore.
type roster struct {
	hr       *hrsource.Roster
	today    hrsource.Date
	people   *people
	projects *projects

	rows  []*row  // by position
	teams []*team // in the order in which the rows name them

	rejectedRows    []*hrsource.RejectedRow            // by position
	rejected        map[string][]*hrsource.RejectedRow // by folded team; under "" those whose team could not be read, which count for every team
	unknownProjects map[string][]*row                  // today's rows on projects that are unknown, by what HR wrote

	teamByName   map[string]*team // as written
	teamByFolded map[string]*team
	folded       map[string]string // roles as written, folded
}

// readRoster looks up every row, including those of people who have left, since these too say whom HR knows.
func readRoster(in Inputs, p *people) *roster {
	n := len(in.Roster.Members)
	r := &roster{
		hr: in.Roster, today: in.Today, people: p, projects: readProjects(in.Snapshot.Projects), rows: make([]*row, 0, n),
		rejected: map[string][]*hrsource.RejectedRow{}, unknownProjects: map[string][]*row{},
		teamByName: map[string]*team{}, teamByFolded: map[string]*team{}, folded: map[string]string{},
	}
	rows := make([]row, n)
	for i, m := range byPosition(in.Roster.Members) {
		rows[i] = row{Member: m, team: r.teamOf(m), role: r.fold(m.Role), today: m.On(in.Today)}
		r.add(&rows[i])
	}
	for i := range r.hr.Rejected {
		r.rejectedRows = append(r.rejectedRows, &r.hr.Rejected[i])
	}
	slices.SortStableFunc(r.rejectedRows, func(a, b *hrsource.RejectedRow) int { return comparePositions(a.At, b.At) })
	for _, row := range r.rejectedRows {
		r.reject(row)
	}
	return r
}

// add looks up a row's person and project.
func (r *roster) add(row *row) {
	r.rows = append(r.rows, row)
	row.project, row.unknown = r.projects.find(row.Project)
	var found []*person
	row.match, row.who, found = r.people.find(row.Member)
	if row.who != nil {
		row.who.rows = append(row.who.rows, row)
	}
	for _, who := range found {
		who.inHR = true
	}
	if row.match == matched {
		row.byNumber = row.Login() != "" && !slices.Contains(r.people.bearers(row.Member), row.who)
	} else {
		r.mayMean(row, found)
	}
	if row.today && row.unknown {
		if row.who == nil {
			row.team.lost = append(row.team.lost, row)
		}
		r.unknownProjects[row.Project] = append(r.unknownProjects[row.Project], row)
	}
}

// mayMean records whom a row may mean if it did not lead to one active person: everybody who was found, if that is not
// one person, and everybody who has one of its addresses.
func (r *roster) mayMean(row *row, found []*person) {
	if row.who != nil {
		found = nil
	}
	for _, who := range r.people.bearers(row.Member) {
		if !slices.Contains(found, who) {
			found = append(found, who)
		}
	}
	for _, who := range found {
		if who != row.who {
			who.meant.rows = append(who.meant.rows, row)
		}
	}
}

// reject makes a rejected row count as an unresolved person of its team, and records whom it may mean.
func (r *roster) reject(row *hrsource.RejectedRow) {
	for _, who := range r.people.identifiedBy(row) {
		who.meant.rejected = append(who.meant.rejected, row)
	}
	team := sync.FoldName(row.Team)
	r.rejected[team] = append(r.rejected[team], row)
}

// teamOf returns the team of an HR row. A team whose name folds to nothing matches nothing but its own spelling.
func (r *roster) teamOf(m *hrsource.Member) *team {
	if t, ok := r.teamByName[m.Team]; ok {
		return t
	}
	folded, text := sync.FoldName(m.Team), sync.FoldText(m.Team)
	t, ok := r.teamByFolded[folded]
	if ok && folded != "" {
		t.twoNames = t.twoNames || t.text != text
	} else {
		t = &team{name: m.Team, text: text, at: sync.PositionsOf(m.At)}
		r.teams = append(r.teams, t)
		r.teamByFolded[folded] = t
	}
	r.teamByName[m.Team] = t
	return t
}

// fold folds the name of a role, remembering the result since many rows share it.
func (r *roster) fold(role string) string {
	folded, ok := r.folded[role]
	if !ok {
		folded = sync.FoldName(role)
		r.folded[role] = folded
	}
	return folded
}

// byPosition returns the members sorted by position.
func byPosition(members []hrsource.Member) []*hrsource.Member {
	out := make([]*hrsource.Member, len(members))
	for i := range members {
		out[i] = &members[i]
	}
	compare := func(a, b *hrsource.Member) int { return slices.CompareFunc(a.At, b.At, comparePositions) }
	if !slices.IsSortedFunc(out, compare) {
		slices.SortStableFunc(out, compare)
	}
	return out
}

func comparePositions(a, b hrsource.Position) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Row, b.Row),
		strings.Compare(a.Detail, b.Detail))
}

// sourceOf returns the positions of rows.
func sourceOf(rows []*row) sync.Positions {
	var at []hrsource.Position
	for _, r := range rows {
		at = append(at, r.At...)
	}
	return sync.PositionsOf(at)
}
