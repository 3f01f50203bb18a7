package snapshot

import (
	"context"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// ReadPossible reads the possible assignees of the scopes into the snapshot. A list that can't be read becomes an
// Unreadable; an error means that no list can be read.
func ReadPossible(ctx context.Context, r Reader, s *sync.Snapshot, scopes []procore.AssigneeScope, opts Options) error {
	return readPossible(ctx, r, s, scopes, opts, &interner{})
}

func readPossible(ctx context.Context, r Reader, s *sync.Snapshot, scopes []procore.AssigneeScope, opts Options, texts *interner) error {
	lists := make([][]procore.Login, len(scopes))
	missed := make([]*sync.Unreadable, len(scopes))
	err := each(ctx, opts, "possible assignees", len(scopes), func(ctx context.Context, i int) error {
		logins, err := whole("possible assignees", r.PossibleAssignees(ctx, scopes[i]))
		if err == nil {
			lists[i] = texts.logins(logins)
			return nil
		}
		if endsRun(ctx, err) {
			return err
		}
		subject := "possible assignees of " + describeScope(s, scopes[i])
		missed[i] = &sync.Unreadable{
			Subject: subject, Detail: detail(err), Project: scopes[i].Project, Possible: &scopes[i],
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, scope := range scopes {
		if missed[i] != nil {
			s.Unreadable = append(s.Unreadable, *missed[i])
			continue
		}
		s.Possible[scope] = lists[i]
	}
	sortUnreadable(s)
	return nil
}
