package apply

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func TestWhatWasAlreadySoIsToldAsSuchAfterAKillToo(t *testing.T) {
	f, plan := manyPresets(1)
	f.faults = readFault(1, fault{edit: set(reviewers, "1", "4")})
	a := apply(context.Background(), f, plan, Options{})
	_, r, _ := AccountInterrupted(plan, a.journal.file(), time.Now(), nil)
	want(t, "status", r.Changes[0].Status, sync.Applied)
	mentions(t, r.Changes[0].Reason.String(), "already so when read again; nothing sent")
	want(t, "presets written", r.PresetsWritten, 0)
	want(t, "sent", r.WriteSent, false)
}

func TestAConflictNamesItsGroupAfterAKillToo(t *testing.T) {
	f, plan := manyPresets(1)
	f.faults = readFault(1, fault{edit: set(reviewers, "2")})
	a := apply(context.Background(), f, plan, Options{})
	_, r, _ := AccountInterrupted(plan, a.journal.file(), time.Now(), nil)
	want(t, "exceptions", r.Exceptions, a.Exceptions)
	want(t, "group", r.Exceptions[0].GroupName, "Reviewers")
}

func TestWhatADamagedJournalDoesNotTellIsNotSaidToBeUntouched(t *testing.T) {
	_, plan := manyPresets(1)
	_, r, found := AccountInterrupted(plan, JournalFile{Damaged: []int{3}}, time.Now(), nil)
	want(t, "status", r.Changes[0].Status, sync.Failed)
	mentions(t, r.Changes[0].Error, "1 of them", "not known", "look at it in Procore")
	want(t, "outcomes that were found", len(found), 0)
}

// A kill may come after any step. Whenever it comes, the account that is made from the journal afterwards, together
// with a look at the presets, says what the presets hold.
func TestTheAccountOfAKilledRunIsTrueWheneverItWasKilled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, plan := drawPlan(t)
		before := newHistory(f)
		f.faults = trouble(t, &history{last: before.last})
		killAt := rapid.IntRange(0, 12).Draw(t, "steps before the kill")
		j := &journalFake{f: f}
		// The kill is played by a disk and a Procore that no step gets through to any more.
		steps := 0
		dead := func() bool { steps++; return steps > killAt }
		j.full = func(string) error {
			if dead() {
				return errors.New("killed")
			}
			return nil
		}
		Plan(context.Background(), plan, &mortal{fakeProcore: f, dead: dead}, j, Options{Concurrency: 1, MaxAttempts: 2})

		f.faults = nil
		_, r, found := AccountInterrupted(plan, j.file(), time.Now(), func(ref procore.PresetRef) (procore.Preset, error) {
			return f.Preset(context.Background(), ref)
		})
		a := applied{r, f, j}
		a.statuses(t, plan)
		j.outcomes, j.full = append(j.outcomes, found...), nil
		eachPresetHasOneOutcome(t, a)
		statusesAgreeWithPresets(t, a, plan, before)
	})
}

// mortal is a Procore that a killed process does not reach.
type mortal struct {
	*fakeProcore
	dead func() bool
}

func (m *mortal) Pause(context.Context, int, error) error { return nil }

func (m *mortal) UpdateAssignees(ctx context.Context, ref procore.PresetRef, list []procore.GroupWrite) (procore.AssigneesResult, error) {
	if m.dead() {
		return procore.AssigneesResult{}, noAnswer()
	}
	return m.fakeProcore.UpdateAssignees(ctx, ref, list)
}

func (m *mortal) Preset(ctx context.Context, ref procore.PresetRef) (procore.Preset, error) {
	if m.dead() {
		return procore.Preset{}, noAnswer()
	}
	return m.fakeProcore.Preset(ctx, ref)
}
