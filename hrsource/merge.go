package hrsource

import "hash/maphash"

// index finds rows or members by content. It stores numbers instead of texts, and is reused for one purpose after the
// other, so that a large roster needs little memory besides its own.
type index struct {
	places map[uint64]int32
	seed   maphash.Seed
}

func newIndex(rows int) *index {
	return &index{places: make(map[uint64]int32, rows), seed: maphash.MakeSeed()}
}

// find returns the place that is stored under hash and for which same holds. If there is none, it stores place there.
func (x *index) find(hash uint64, place int, same func(int) bool) (found int, known bool) {
	for ; ; hash++ { // until the slot is free: another text may have the same hash
		at, taken := x.places[hash]
		if !taken {
			x.places[hash] = int32(place) // rows are bounded
			return place, false
		}
		if same(int(at)) {
			return int(at), true
		}
	}
}

func (x *index) clear() { clear(x.places) }

// members returns the accepted rows with exact duplicates merged; most is an upper bound for their number. It releases
// rows as it turns them into members, so that a large roster is never in memory twice.
func (in *Intake) members(most int, seen *index) []Member {
	members := make([]Member, 0, most)
	positions := make([]Position, 0, most)
	seen.clear()
	for c, chunk := range in.chunks {
		for i := range chunk {
			if len(in.faults) > 0 && len(in.faults[c*chunkRows+i]) > 0 {
				continue
			}
			m, at := in.member(&chunk[i]), in.position(&chunk[i])
			same := func(i int) bool { return sameMember(&members[i], &m) }
			if i, known := seen.find(hashMember(&m, seen.seed), len(members), same); known {
				members[i].At = append(members[i].At, at)
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

func hashMember(m *Member, seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, text := range [...]string{m.EmployeeID, m.Email, m.ProcoreLogin, m.Name, m.Team, m.Role, m.Project, string(m.Status)} {
		_, _ = h.WriteString(text) // writing to a hash never fails
		_ = h.WriteByte(0)
	}
	start, end := packDate(m.Start), packDate(m.End)
	for shift := 0; shift < 32; shift += 8 {
		_ = h.WriteByte(byte(start >> shift))
		_ = h.WriteByte(byte(end >> shift))
	}
	return h.Sum64()
}

// sameMember reports whether two members are equal in all but their positions.
func sameMember(a, b *Member) bool {
	return a.EmployeeID == b.EmployeeID && a.Email == b.Email && a.ProcoreLogin == b.ProcoreLogin && a.Name == b.Name &&
		a.Team == b.Team && a.Role == b.Role && a.Project == b.Project && a.Status == b.Status &&
		a.Start == b.Start && a.End == b.End
}
