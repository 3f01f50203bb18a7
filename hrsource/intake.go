package hrsource

import (
	"hash/maphash"
	"slices"
	"strings"
)

// rawRow is one HR row as text, before anything is judged.
type rawRow struct {
	At                                                                             Position
	EmployeeID, Email, ProcoreLogin, Name, Team, Role, Project, Status, Start, End string

	// TypedDates says that Start and End come from date columns: they are ISO 8601, whatever RowFormat.Date says.
	TypedDates bool
}

// intake takes rows in the order of their positions, judges each by itself and then all together, and gives the
// roster. It knows nothing of where rows come from.
type intake struct {
	format RowFormat
	called map[string]string // canonical column → what the source calls it, where that differs

	chunks [][]keptRow // all rows in order, in pieces, so that growing copies nothing
	faults map[int][]rowFault
	texts  interned
}

// keptRow is a row as read, in little space: a roster may have a million of them.
type keptRow struct {
	employeeID, email, login, name string
	detail                         string
	source, team, role, project    uint32 // interned
	line, row                      uint32
	start, end                     packedDate
	status                         uint8 // index in statuses
}

// rowFault is one thing that is wrong with a row.
type rowFault struct{ column, value, reason string }

const chunkRows = 1024

var statuses = []Status{Active, Leave, Prehire, Terminated}

// newIntake takes how text becomes values.
func newIntake(format RowFormat) *intake {
	return &intake{format: format, faults: make(map[int][]rowFault)}
}

// add takes the next row. Rows come in the order of their positions.
func (in *intake) add(raw rawRow) {
	row, faults := in.judge(raw)
	if len(faults) > 0 {
		in.faults[in.len()] = faults
	}
	if n := len(in.chunks); n == 0 || len(in.chunks[n-1]) == chunkRows {
		in.chunks = append(in.chunks, make([]keptRow, 0, chunkRows))
	}
	last := &in.chunks[len(in.chunks)-1]
	*last = append(*last, row)
}

func (in *intake) len() int {
	if len(in.chunks) == 0 {
		return 0
	}
	return (len(in.chunks)-1)*chunkRows + len(in.chunks[len(in.chunks)-1])
}

func (in *intake) row(i int) *keptRow { return &in.chunks[i/chunkRows][i%chunkRows] }

// finish fills Members, Rejected, Accepted, Duplicates and Rows. The intake is spent then.
func (in *intake) finish(r *Roster) {
	in.findContradictions()
	r.Rows = in.len()
	r.Accepted = r.Rows - len(in.faults)
	r.Rejected = in.rejected()
	r.Members = in.members(r.Accepted)
	r.Duplicates = r.Accepted - len(r.Members)
}

// rejected gives the rows with faults, in order.
func (in *intake) rejected() []RejectedRow {
	var rejected []RejectedRow
	for _, i := range in.faulty() {
		row, faults := in.row(i), in.faults[i]
		reasons := make([]string, len(faults))
		for n, fault := range faults {
			reasons[n] = fault.reason
		}
		rejected = append(rejected, RejectedRow{
			At:           in.position(row),
			Column:       faults[0].column,
			Value:        faults[0].value,
			Reason:       strings.Join(reasons, "; "),
			EmployeeID:   row.employeeID,
			Email:        row.email,
			ProcoreLogin: row.login,
			Team:         in.texts.text(row.team),
		})
	}
	return rejected
}

// faulty gives the rows that have faults, in order.
func (in *intake) faulty() []int {
	rows := make([]int, 0, len(in.faults))
	for i := range in.faults {
		rows = append(rows, i)
	}
	slices.Sort(rows)
	return rows
}

// members gives the accepted rows, exact duplicates merged; most is how many there can be. It lets go of rows as it
// turns them into members, so that a large roster is never held twice.
func (in *intake) members(most int) []Member {
	members := make([]Member, 0, most)
	positions := make([]Position, 0, most)
	known := make(map[uint64]int, most) // hash of a member → its index
	seed := maphash.MakeSeed()
	for c := range in.chunks {
		for i := range in.chunks[c] {
			if len(in.faults[c*chunkRows+i]) > 0 {
				continue
			}
			m := in.member(&in.chunks[c][i])
			at := in.position(&in.chunks[c][i])
			if same, ok := findSame(known, members, &m, seed); ok {
				members[same].At = append(members[same].At, at)
				continue
			}
			positions = append(positions, at)
			m.At = positions[len(positions)-1 : len(positions) : len(positions)]
			members = append(members, m)
		}
		in.chunks[c] = nil
	}
	return members
}

// findSame looks for a member that is equal to m in all but its position. Where there is none, m is noted as the next.
func findSame(known map[uint64]int, members []Member, m *Member, seed maphash.Seed) (int, bool) {
	for hash := hashMember(m, seed); ; hash++ { // the next number is free, or another member with the same hash
		i, taken := known[hash]
		if !taken {
			known[hash] = len(members)
			return 0, false
		}
		if sameMember(&members[i], m) {
			return i, true
		}
	}
}

func hashMember(m *Member, seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, text := range []string{m.EmployeeID, m.Email, m.ProcoreLogin, m.Name, m.Team, m.Role, m.Project, string(m.Status)} {
		_, _ = h.WriteString(text) // a hash never fails
		_ = h.WriteByte(0)
	}
	start, end := packDate(m.Start), packDate(m.End)
	for shift := 0; shift < 32; shift += 8 {
		_ = h.WriteByte(byte(start >> shift))
		_ = h.WriteByte(byte(end >> shift))
	}
	return h.Sum64()
}

func sameMember(a, b *Member) bool {
	return a.EmployeeID == b.EmployeeID && a.Email == b.Email && a.ProcoreLogin == b.ProcoreLogin && a.Name == b.Name &&
		a.Team == b.Team && a.Role == b.Role && a.Project == b.Project && a.Status == b.Status &&
		a.Start == b.Start && a.End == b.End
}

func (in *intake) member(row *keptRow) Member {
	return Member{
		EmployeeID:   row.employeeID,
		Email:        row.email,
		ProcoreLogin: row.login,
		Name:         row.name,
		Team:         in.texts.text(row.team),
		Role:         in.texts.text(row.role),
		Project:      in.texts.text(row.project),
		Status:       statuses[row.status],
		Start:        row.start.date(),
		End:          row.end.date(),
	}
}

func (in *intake) position(row *keptRow) Position {
	return Position{Source: in.texts.text(row.source), Line: int(row.line), Row: int(row.row), Detail: row.detail}
}
