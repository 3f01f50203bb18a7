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

// readCompany reads the company-wide lists at once: projects, people, tools, and gives all templates. Where several of
// them can't be read, the error names each.
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
				return fmt.Errorf("read workflow tools: %w", err)
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
	if err := errors.Join(failed...); err != nil {
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

// whole collects a list, or says which list could not be read to its end.
func whole[T any](what string, list iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range list {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", what, err)
		}
		out = append(out, v)
	}
	return out, nil
}
