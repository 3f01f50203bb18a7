package sync

import "procore-assignee-sync/hrsource"

// A row's project: an index into the projects, or one of these.
const (
	everyProject   int32 = -1
	unknownProject int32 = -2 // no project has this id or number, or more than one
)

// hrRow is one accepted HR row, looked up.
type hrRow struct {
	member  *hrsource.Member
	team    int32
	role    int32
	project int32
	today   bool // it makes its person a member today
	result  matching
	who     int32 // the person, where one was found
}

// team is what HR has of one team, its name folded.
type team struct {
	name      string // as HR writes it, where it first stands
	folded    string
	text      string // folded by case and spaces only
	twoNames  bool   // rows spell it in ways that differ by more than case and spaces
	at        string // where it first stands
	used      bool   // a rule speaks of it
	selectors []int32

	// elsewhere are rows that make someone a member today on a project that is unknown.
	elsewhere []int32
}

// roster is the HR data, looked up in Procore and sorted by team, role and project. It is built once for a plan.
type roster struct {
	hr       *hrsource.Roster
	today    hrsource.Date
	people   *people
	projects projectIndex

	rows  []hrRow // by position
	teams []team
	roles []string // folded, by role number

	selectors []selector

	rejected         map[string]bool // folded teams of rejected rows; accepted rows need not have them
	rejectedAnywhere bool            // a rejected row's team could not be read: it counts for every team
	known            []bool
	keptAlways       []bool // by person: a rejected row or an ambiguous match may mean them
	rowsOf           rowIndex

	teamByName  map[string]int32 // as written
	teamByFold  map[string]int32
	roleByName  map[string]int32
	roleByFold  map[string]int32
	unknownText map[string][]int32 // project as HR wrote it → rows, where members of today are on unknown projects
}

// readRoster looks up every row, those of people who have left too: they tell whom HR knows.
func readRoster(in Inputs, p *people) *roster {
	n := len(in.Roster.Members)
	r := &roster{
		hr: in.Roster, today: in.Today, people: p, projects: indexProjects(in.Snapshot.Projects),
		rows: make([]hrRow, 0, n), known: make([]bool, len(p.all)), keptAlways: make([]bool, len(p.all)),
		teamByName: map[string]int32{}, teamByFold: map[string]int32{},
		roleByName: map[string]int32{}, roleByFold: map[string]int32{}, unknownText: map[string][]int32{},
		rejected: map[string]bool{},
	}
	var buffer []int32
	for _, m := range inOrderOfPosition(in.Roster.Members) {
		row := hrRow{
			member: m, team: r.teamOf(m.Team, m.At), role: r.roleOf(m.Role), project: r.projects.find(m.Project), today: m.On(in.Today),
		}
		var found []int32
		row.result, row.who, found = p.matchRow(m, buffer)
		if found != nil {
			buffer = found
		}
		if row.result.resolved() {
			r.known[row.who] = true
		}
		if row.result == ambiguous {
			for _, f := range found {
				r.known[f], r.keptAlways[f] = true, true
			}
		}
		if row.today && row.project == unknownProject {
			i := int32(len(r.rows))
			r.teams[row.team].elsewhere = append(r.teams[row.team].elsewhere, i)
			r.unknownText[m.Project] = append(r.unknownText[m.Project], i)
		}
		r.rows = append(r.rows, row)
	}
	r.noteRejected()
	r.rowsOf = indexRows(r.rows, len(p.all))
	return r
}

// noteRejected makes rejected rows count as unresolved people of their team, and keeps everybody whom they may mean.
func (r *roster) noteRejected() {
	for i := range r.hr.Rejected {
		row := &r.hr.Rejected[i]
		for _, who := range r.people.identifiedBy(row) {
			r.keptAlways[who] = true
		}
		folded := FoldName(row.Team)
		if folded == "" {
			r.rejectedAnywhere = true
			continue
		}
		r.rejected[folded] = true
	}
}

// teamOf gives a team's number.
func (r *roster) teamOf(name string, at []hrsource.Position) int32 {
	if t, ok := r.teamByName[name]; ok {
		return t
	}
	folded, text := FoldName(name), foldText(name)
	t, ok := r.teamByFold[folded]
	switch {
	case ok && folded != "":
		r.teams[t].twoNames = r.teams[t].twoNames || r.teams[t].text != text
	default:
		t = int32(len(r.teams))
		r.teams = append(r.teams, team{name: name, folded: folded, text: text, at: joinPositions(at)})
		r.teamByFold[folded] = t
	}
	r.teamByName[name] = t
	return t
}

func (r *roster) roleOf(name string) int32 {
	if role, ok := r.roleByName[name]; ok {
		return role
	}
	folded := FoldName(name)
	role, ok := r.roleByFold[folded]
	if !ok {
		role = int32(len(r.roles))
		r.roles = append(r.roles, folded)
		r.roleByFold[folded] = role
	}
	r.roleByName[name] = role
	return role
}
