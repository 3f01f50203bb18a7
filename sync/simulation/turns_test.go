package simulation_test

import (
	"context"
	"iter"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/job"
)

// inTurns is a Procore whose company-wide lists are read one after the other, always in the same order, though a run
// asks for all at once: so a seed replays exactly.
type inTurns struct {
	job.Procore
	turns [6]chan struct{} // the nth is closed when the nth reading may begin
}

func newInTurns(p job.Procore) *inTurns {
	t := &inTurns{Procore: p}
	for i := range t.turns {
		t.turns[i] = make(chan struct{})
	}
	close(t.turns[0])
	return t
}

// inTurn waits for the nth turn, and ends it when the list was read.
func inTurn[T any](t *inTurns, n int, list iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		<-t.turns[n]
		defer close(t.turns[n+1])
		list(yield)
	}
}

func (t *inTurns) Projects(ctx context.Context) iter.Seq2[procore.Project, error] {
	return inTurn(t, 0, t.Procore.Projects(ctx))
}

func (t *inTurns) Users(ctx context.Context) iter.Seq2[procore.User, error] {
	return inTurn(t, 1, t.Procore.Users(ctx))
}

func (t *inTurns) InactiveUsers(ctx context.Context) iter.Seq2[procore.User, error] {
	return inTurn(t, 2, t.Procore.InactiveUsers(ctx))
}

func (t *inTurns) Templates(ctx context.Context) iter.Seq2[procore.Template, error] {
	return inTurn(t, 3, t.Procore.Templates(ctx))
}

func (t *inTurns) Tools(ctx context.Context) ([]procore.Tool, error) {
	<-t.turns[4]
	defer close(t.turns[5])
	return t.Procore.Tools(ctx)
}
