package planner

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func stateOf(w *world, ref procore.PresetRef) sync.PresetState {
	i := slices.IndexFunc(w.in.Snapshot.Presets, func(s sync.PresetState) bool { return s.Ref == ref })
	return w.in.Snapshot.Presets[i]
}

func idsOf(m procore.Membership) []procore.LoginID {
	ids := []procore.LoginID{}
	for _, a := range m.Assignees {
		ids = append(ids, a.ID)
	}
	return ids
}

func TestUnmanagedGroupsStayIdenticalAndNothingIsSentWithoutADifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		for _, p := range w.plan(t).Presets {
			state := stateOf(w, p.Ref)
			differs := slices.ContainsFunc(p.Groups, func(g sync.GroupPlan) bool { return !sync.SameLogins(g.Before, g.After) })
			if differs != p.Changed() {
				t.Fatalf("preset %s differs: %v, is sent: %v", p.Ref.Preset, differs, p.Changed())
			}
			if !p.Changed() {
				continue
			}
			managed := map[procore.GroupUUID]sync.GroupPlan{}
			for _, g := range p.Groups {
				managed[g.UUID] = g
			}
			for i, m := range state.Preset.Memberships {
				if p.Write[i].UUID != m.Group {
					t.Fatalf("preset %s: group %s is not in its place: %v", p.Ref.Preset, m.Group, p.Write)
				}
				want := idsOf(m)
				if g, ok := managed[m.Group]; ok {
					want = g.After
				}
				if !slices.Equal(p.Write[i].LoginIDs, want) {
					t.Fatalf("preset %s sends %v for group %s, want %v", p.Ref.Preset, p.Write[i].LoginIDs, m.Group, want)
				}
			}
			for _, added := range p.Write[len(state.Preset.Memberships):] {
				if g := managed[added.UUID]; !g.Absent || len(added.LoginIDs) == 0 {
					t.Fatalf("preset %s sends a group that it neither has nor needs: %v", p.Ref.Preset, added)
				}
			}
		}
	})
}

func TestPlanningAfterApplyingIsEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, true)
		first := w.plan(t)
		w.in.Snapshot = w.applied(first)
		second := w.plan(t)
		for _, p := range second.Presets {
			if p.Changed() {
				t.Fatalf("preset %s changes again: %v\nfirst %v\nsecond %v", p.Ref.Preset, p.Groups, changesOf(first), changesOf(second))
			}
		}
	})
}

func TestAnExceptionOfAKindThatNamesItsProjectNamesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		for _, e := range w.plan(t).Exceptions {
			if e.Project == "" || !e.Kind.NamesProject() {
				continue
			}
			text := e.Subject + ": " + e.Detail
			named := strings.Contains(text, "project "+string(e.Project)) || slices.ContainsFunc(w.in.Snapshot.Projects, func(p procore.Project) bool {
				return p.ID == e.Project && p.Number != "" && strings.Contains(text, "project "+p.Number)
			})
			if !named {
				t.Fatalf("%s does not name project %s: %s", e.Kind, e.Project, text)
			}
		}
	})
}

func TestTheOrderOfTheInputNeverChangesThePlansBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		want := planBytes(t, w.plan(t))
		if got := planBytes(t, w.plan(t)); !bytes.Equal(got, want) {
			t.Fatalf("the same input gives another plan: %s", cmp.Diff(string(want), string(got)))
		}
		s := w.in.Snapshot
		shuffle(t, w.in.Roster.Members)
		shuffle(t, w.in.Roster.Rejected)
		shuffle(t, s.Users)
		shuffle(t, s.Projects)
		shuffle(t, s.Templates)
		shuffle(t, s.Presets)
		shuffle(t, s.Unreadable)
		shuffle(t, w.in.RoleMap.rules)
		for _, list := range s.Possible {
			shuffle(t, list)
		}
		if got := planBytes(t, w.plan(t)); !bytes.Equal(got, want) {
			t.Fatalf("another order gives another plan: %s", cmp.Diff(string(want), string(got)))
		}
	})
}

func shuffle[T any](t *rapid.T, list []T) {
	if len(list) > 1 {
		copy(list, rapid.Permutation(slices.Clone(list)).Draw(t, "order"))
	}
}

func planBytes(t tester, p *sync.Plan) []byte {
	var b bytes.Buffer
	if err := sync.WritePlanFile(&b, sync.PlanFile{Plan: p}); err != nil {
		t.Fatalf("encode: %v", err)
	}
	return b.Bytes()
}

type leaving struct {
	preset procore.PresetRef
	group  procore.GroupUUID
	who    procore.LoginID
}

// wantedRemovals lists who would leave which group but for holds of whole groups.
func wantedRemovals(p *sync.Plan) map[leaving]bool {
	out := map[leaving]bool{}
	for _, preset := range p.Presets {
		for _, g := range preset.Groups {
			after := g.After
			if g.Hold != "" {
				after = g.Wanted
			}
			for _, id := range g.Before {
				if !slices.Contains(after, id) {
					out[leaving{preset.Ref, g.UUID, id}] = true
				}
			}
		}
	}
	return out
}

// A hold can be lifted where fewer people leave, so it is what is wanted that may not grow. Somebody becomes unresolved
// by all of their rows: whom HR still knows by another row to have left is removed all the same. All lists are there from
// the start, since looking for one more person can make known who another is.
func TestMoreUnresolvedPeopleNeverMeanMoreRemovals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		for scope, list := range w.lists {
			if !w.unread[scope] {
				w.in.Snapshot.Possible[scope] = list
			}
		}
		before := w.plan(t)
		members := w.in.Roster.Members
		if len(members) == 0 {
			t.Skip("nobody to lose")
		}
		row := pick(t, members, "row")
		if rapid.Bool().Draw(t, "one more") {
			row.At = []hrsource.Position{{Source: "hr.csv", Line: 99}}
			row.Status, row.Start, row.End = hrsource.Active, hrsource.Date{}, hrsource.Date{}
			loseIdentity(&row, pick(t, []string{"", "009"}, "employee id"))
			w.in.Roster.Members = append(members, row)
		} else {
			o := oracle{w.in}
			who, kind, _ := o.resolve(row)
			if kind != "" {
				t.Skip("not resolved before")
			}
			var theirs []*hrsource.Member
			for i := range members {
				if same, _, _ := o.resolve(members[i]); same == who {
					theirs = append(theirs, &members[i])
				}
			}
			for _, m := range theirs {
				loseIdentity(m, "") // with an employee id, whoever the row meant could be told apart from it
			}
		}
		after := w.plan(t)
		planned := map[procore.PresetRef]bool{}
		for _, p := range before.Presets {
			planned[p.Ref] = true
		}
		was := wantedRemovals(before)
		for l := range wantedRemovals(after) {
			if planned[l.preset] && !was[l] {
				t.Fatalf("with one more unresolved, %v leaves too", l)
			}
		}
	})
}

func loseIdentity(m *hrsource.Member, employee string) {
	m.Email, m.ProcoreLogin, m.EmployeeID = "nobody.at.all@x.com", "", employee
}

func TestSomebodyLeavesOnlyWhereEveryClauseAllowsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		p := w.plan(t)
		o := oracle{w.in}
		wanted := wantedRemovals(p)
		held := map[leaving]bool{}
		for _, c := range p.Changes {
			if c.Action == sync.Remove && c.Status == sync.Held {
				held[leaving{c.Ref(), c.GroupUUID, c.LoginID}] = true
			}
		}
		for _, preset := range p.Presets {
			state := stateOf(w, preset.Ref)
			i := 0
			for _, g := range w.in.Snapshot.Versions[preset.VersionID].Groups {
				rules, managed := o.rules(state, g)
				if !managed {
					continue
				}
				if i >= len(preset.Groups) || preset.Groups[i].UUID != g.UUID {
					t.Fatalf("group %s of preset %s is not planned", g.UUID, preset.Ref.Preset)
				}
				checkGroup(t, o, state, rules, preset.Groups[i], wanted, held)
				i++
			}
			if i != len(preset.Groups) {
				t.Fatalf("preset %s: groups are planned that are not managed: %v", preset.Ref.Preset, preset.Groups[i:])
			}
		}
	})
}

// checkGroup compares one group of a plan with the oracle.
func checkGroup(t *rapid.T, o oracle, state sync.PresetState, rules []rule, g sync.GroupPlan, wanted, held map[leaving]bool) {
	members := o.members(state, rules)
	leave, left := 0, []procore.LoginID{}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(g.Before))) {
		key := leaving{state.Ref, g.UUID, id}
		goes := !o.wants(members, id) && o.mayLeave(rules, members, id)
		loses := o.sparedFor(state, rules, id)
		switch {
		case goes && loses == "" && !wanted[key]:
			t.Fatalf("%v should leave", key)
		case goes && loses != "" && (wanted[key] || !held[key]):
			t.Fatalf("%v should be held by %s", key, loses)
		case !goes && (wanted[key] || held[key]):
			t.Fatalf("%v should stay", key)
		}
		if goes && loses == "" {
			leave++
		} else {
			left = append(left, id)
		}
	}
	after := g.After
	if g.Hold != "" {
		after = g.Wanted
	}
	for _, id := range o.ids() {
		list := o.in.Snapshot.Possible[state.Scope()]
		possible := slices.ContainsFunc(list, func(l procore.Login) bool { return l.ID == id })
		comes := o.wants(members, id) && !slices.Contains(g.Before, id)
		switch added := slices.Contains(after, id) && !slices.Contains(g.Before, id); {
		case added && !comes:
			t.Fatalf("%s comes to %s of %s unwanted", id, g.UUID, state.Ref.Preset)
		case added && !possible && g.Hold == "":
			t.Fatalf("%s comes to %s of %s, and can't be assigned", id, g.UUID, state.Ref.Preset)
		case comes && possible && !added:
			t.Fatalf("%s does not come to %s of %s", id, g.UUID, state.Ref.Preset)
		case added:
			left = append(left, id)
		}
	}
	checkHold(t, o, g, leave, left)
}

func checkHold(t *rapid.T, o oracle, g sync.GroupPlan, leave int, left []procore.LoginID) {
	protected := func(id procore.LoginID) bool {
		for address := range o.addresses(id) {
			for _, glob := range o.in.Policy.Protected {
				if (&people{protected: []string{strings.ToLower(glob)}}).protects(address) {
					return true
				}
			}
		}
		return false
	}
	empty := leave > 0 && !o.in.Policy.AllowEmptyGroups && !slices.ContainsFunc(left, func(id procore.LoginID) bool { return !protected(id) })
	there := len(sync.LoginSet(g.Before))
	tooMany := there >= 4 && leave*100 > there*o.in.Policy.MaxGroupRemovalPercent
	var hold sync.Kind
	switch {
	case empty:
		hold = sync.HeldEmptyGroup
	case tooMany:
		hold = sync.HeldGroupRemovals
	}
	if g.Hold != hold {
		t.Fatalf("group %s is held by %q, want %q: %d of %d leave, left are %v", g.UUID, g.Hold, hold, leave, there, left)
	}
	if g.Hold != "" && !slices.Equal(g.Before, g.After) {
		t.Fatalf("held group %s changes", g.UUID)
	}
}

func TestThoseWhoStayKeepTheirOrderAndThoseWhoComeFollowByLogin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		o := oracle{w.in}
		for _, p := range w.plan(t).Presets {
			for _, g := range p.Groups {
				if slices.Equal(g.Before, g.After) {
					continue
				}
				var stay []procore.LoginID
				for _, id := range g.Before {
					if slices.Contains(g.After, id) && !slices.Contains(stay, id) {
						stay = append(stay, id)
					}
				}
				if len(stay) > len(g.After) || !slices.Equal(g.After[:len(stay)], stay) {
					t.Fatalf("those who stay lost their order: %v → %v", g.Before, g.After)
				}
				if !slices.IsSortedFunc(g.After[len(stay):], func(a, b procore.LoginID) int {
					return strings.Compare(strings.ToLower(o.login(a)), strings.ToLower(o.login(b)))
				}) {
					t.Fatalf("those who come are not sorted by login: %v → %v", g.Before, g.After)
				}
			}
		}
	})
}

func TestAdditiveNeverRemoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		w.in.Policy.Mode = sync.Additive
		p := w.plan(t)
		if n := p.Counts.Removals + p.Counts.HeldRemovals + p.Counts.WantedRemovals; n > 0 || len(wantedRemovals(p)) > 0 {
			t.Fatalf("%d removals in additive mode: %v", n, p.Changes)
		}
	})
}

func TestProtectedPeopleAreNeverRemoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		w.in.Policy.Protected = []string{"*@x.com"}
		for _, c := range w.plan(t).Changes {
			if c.Action == sync.Remove && strings.HasSuffix(strings.ToLower(c.Login), "@x.com") {
				t.Fatalf("%s is removed", c.Login)
			}
		}
	})
}

func TestEveryRemovalHasACauseThatItsReasonKeeps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, c := range drawWorld(t, false).plan(t).Changes {
			if c.Action != sync.Remove {
				continue
			}
			if read := sync.ReadReason(c.Reason.String()); c.Reason.Cause() == "" || read.Cause() != c.Reason.Cause() {
				t.Fatalf("%q: cause %q, read back %q", c.Reason, c.Reason.Cause(), read.Cause())
			}
		}
	})
}

func TestCountsAreThoseOfTheChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		p := w.plan(t)
		if got, want := p.Counts.WantedRemovals, len(wantedRemovals(p)); got != want {
			t.Fatalf("%d wanted removals, want %d", got, want)
		}
		seen := map[leaving]bool{}
		for _, c := range p.Changes {
			key := leaving{c.Ref(), c.GroupUUID, c.LoginID}
			if seen[key] {
				t.Fatalf("%v changes twice", key)
			}
			seen[key] = true
			i := slices.IndexFunc(p.Presets, func(x sync.PresetPlan) bool { return x.Ref == c.Ref() })
			g := groupOf(t, p, c.Preset, c.GroupUUID)
			if c.Status == sync.Planned && (c.Action == sync.Add) != slices.Contains(g.After, c.LoginID) || i < 0 {
				t.Fatalf("%v is not what the group's plan says: %v", c, g)
			}
		}
	})
}

func TestASavedPlanComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, false)
		p := w.plan(t)
		f, err := sync.DecodePlanFile(planBytes(t, p))
		if err != nil {
			t.Fatalf("decode: %v", err)
		}
		if diff := cmp.Diff(p, f.Plan); diff != "" {
			t.Fatal(diff)
		}
		if err := f.Plan.Rejudge(w.in.Policy, w.in.Baseline, w.in.Now); err != nil {
			t.Fatalf("rejudge: %v", err)
		}
		if diff := cmp.Diff(p, f.Plan); diff != "" {
			t.Fatalf("judged again, it differs: %s", diff)
		}
	})
}
