package snapshot

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	gosync "sync"

	"procore-assignee-sync/procore"
)

// readCompany reads the company-wide lists concurrently: projects, people and tools; it returns all templates. If
// several lists can't be read, the error names each.
func (p *reading) readCompany(ctx context.Context) ([]procore.Template, error) {
	s := p.snapshot
	var active, inactive []procore.User
	var templates []procore.Template
	reads := []func() error{
		func() (err error) { s.Projects, err = whole("projects", p.Projects(ctx)); return err },
		func() (err error) { active, err = whole("the company directory", p.Users(ctx)); return err },
		func() (err error) {
			inactive, err = whole("the directory's inactive users", p.InactiveUsers(ctx))
			return err
		},
		func() (err error) { templates, err = whole("workflow templates", p.Templates(ctx)); return err },
		func() (err error) {
			if s.Tools, err = p.Tools(ctx); err != nil {
				return &unreadError{"workflow tools", err}
			}
			return nil
		},
	}
	failed := make([]error, len(reads))
	var g gosync.WaitGroup
	for i, read := range reads {
		g.Go(func() { failed[i] = read() })
	}
	g.Wait()
	if err := joinCauses(failed); err != nil {
		return nil, err
	}
	slices.SortFunc(s.Projects, func(a, b procore.Project) int { return procore.CompareIDs(a.ID, b.ID) })
	byID := func(a, b procore.User) int { return procore.CompareIDs(a.ID, b.ID) }
	slices.SortFunc(active, byID)
	slices.SortFunc(inactive, byID)
	for i := range inactive {
		inactive[i].Active = false
	}
	s.Users = slices.Concat(active, inactive)
	slices.SortFunc(s.Tools, func(a, b procore.Tool) int { return compareTools(a.ToolRef, b.ToolRef) })
	slices.SortFunc(templates, func(a, b procore.Template) int { return procore.CompareIDs(a.ID, b.ID) })
	return templates, nil
}

// unreadError says which list could not be read.
type unreadError struct {
	what string
	err  error
}

func (e *unreadError) Error() string { return "read " + e.what + ": " + e.err.Error() }
func (e *unreadError) Unwrap() error { return e.err }

// joinCauses joins the errors from reading several lists, or returns nil if there are none. Lists that failed for the
// same cause, such as a wrong secret, share one line.
func joinCauses(failed []error) error {
	var told []error
	byCause := map[string]*unreadError{}
	for _, err := range failed {
		var unread *unreadError
		if !errors.As(err, &unread) {
			told = append(told, err)
			continue
		}
		cause := causeOf(unread.err)
		if same := byCause[cause]; same != nil {
			same.what += ", " + unread.what
			continue
		}
		one := *unread
		byCause[cause] = &one
		told = append(told, &one)
	}
	return errors.Join(told...)
}

// causeOf returns the cause for which a list could not be read, in the same words for every list that has it: for an
// answer, its status and message without path and request id.
func causeOf(err error) string {
	var api *procore.APIError
	var budget *procore.BudgetError
	switch {
	case errors.Is(err, context.Canceled):
		return "stopped"
	case errors.As(err, &budget):
		return "budget"
	case !errors.As(err, &api):
		return err.Error()
	}
	return fmt.Sprint(api.Status, api.Proxy, api.Message, api.Details)
}

// whole collects a list, or returns an error that names the list if it could not be read to its end.
func whole[T any](what string, list iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range list {
		if err != nil {
			return nil, &unreadError{what, err}
		}
		out = append(out, v)
	}
	return out, nil
}
