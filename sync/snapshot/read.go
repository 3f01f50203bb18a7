package snapshot

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// VersionStore keeps template versions across runs: once published they never change.
type VersionStore interface {
	Version(procore.VersionID) (procore.TemplateVersion, bool)
	Keep(procore.TemplateVersion)
}

// Options say what to read and how.
type Options struct {
	Company     procore.CompanyID
	Host        string
	Templates   []string     // SYNC_TEMPLATES: names or ids; empty: all
	Projects    []string     // SYNC_PROJECTS: names, numbers or ids; empty: all
	Concurrency int          // readers at work; the client bounds the requests in flight by itself
	Hints       *Hints       // nil: list the presets of every project
	Versions    VersionStore // nil: read every version
	PresetsBy   time.Time    // when reading presets has to end, to leave time to write; zero: it need not
	Now         func() time.Time
	Progress    func(phase string, done, total int) // may be nil
}

// Read reads all that a plan needs but for the possible assignees (ReadPossible). An error means that the
// company as a whole could not be read; what concerns one project or preset is in Snapshot.Unreadable instead. The
// hints are for the next run, nil where this one was filtered and so did not see everything.
func Read(ctx context.Context, r Reader, opts Options) (*sync.Snapshot, *Hints, error) {
	s := &sync.Snapshot{
		Company:  opts.Company,
		Host:     opts.Host,
		Filtered: len(opts.Templates)+len(opts.Projects) > 0,
		Possible: map[procore.AssigneeScope][]procore.Login{},
	}
	all, err := readCompany(ctx, r, s)
	if err != nil {
		return nil, nil, err
	}
	chooseTemplates(s, all, opts.Templates)
	inScope := chooseProjects(s, opts.Projects)

	reading := &presetReading{Reader: r, snapshot: s, opts: opts, scope: inScope}
	if err := reading.run(ctx); err != nil {
		return nil, nil, err
	}
	if err := readVersions(ctx, r, s, opts); err != nil {
		return nil, nil, err
	}
	if len(opts.Projects) == 0 && !s.Partial() {
		s.Invisible = invisibleProjects(s)
	}
	sortUnreadable(s)
	if s.Filtered {
		return s, nil, nil
	}
	return s, newHints(s, reading.located, reading.runs), nil
}

// readCompany reads the company-wide lists at once: projects, people, tools, and gives all templates.
func readCompany(ctx context.Context, r Reader, s *sync.Snapshot) ([]procore.Template, error) {
	var active, inactive []procore.User
	var templates []procore.Template
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { s.Projects, err = whole("projects", r.Projects(ctx)); return err })
	g.Go(func() (err error) { active, err = whole("the company directory", r.Users(ctx)); return err })
	g.Go(func() (err error) {
		inactive, err = whole("the directory's inactive users", r.InactiveUsers(ctx))
		return err
	})
	g.Go(func() (err error) { templates, err = whole("workflow templates", r.Templates(ctx)); return err })
	g.Go(func() (err error) {
		if s.Tools, err = r.Tools(ctx); err != nil {
			return fmt.Errorf("read workflow tools: %w", err)
		}
		return nil
	})
	if err := g.Wait(); err != nil {
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

// ReadPossible reads the possible assignees of the scopes into the snapshot. A list that can't be read is an
// Unreadable; an error means that no list can be.
func ReadPossible(ctx context.Context, r Reader, s *sync.Snapshot, scopes []procore.AssigneeScope, opts Options) error {
	lists := make([][]procore.Login, len(scopes))
	missed := make([]*sync.Unreadable, len(scopes))
	var texts interner
	err := each(ctx, opts, "possible assignees", len(scopes), func(ctx context.Context, i int) error {
		logins, err := whole("possible assignees", r.PossibleAssignees(ctx, scopes[i]))
		if err == nil {
			texts.logins(logins)
			lists[i] = logins
			return nil
		}
		if endsRun(ctx, err) {
			return err
		}
		subject := describeScope(s, scopes[i]) + ", possible assignees"
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

// each calls do for 0…n-1, as many at once as the options say, and stops at the first error.
func each(ctx context.Context, opts Options, phase string, n int, do func(context.Context, int) error) error {
	g, working := errgroup.WithContext(ctx)
	g.SetLimit(max(1, opts.Concurrency))
	progress := newProgress(opts.Progress, phase, n)
	for i := range n {
		if working.Err() != nil {
			break
		}
		g.Go(func() error {
			defer progress.step()
			return do(working, i)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// endsRun tells an error that ends the whole run from one that concerns a single project or preset.
func endsRun(ctx context.Context, err error) bool {
	var auth *procore.AuthError
	var budget *procore.BudgetError
	return ctx.Err() != nil || errors.As(err, &auth) || errors.As(err, &budget) || procore.Unreachable(err)
}
