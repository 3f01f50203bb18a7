package running

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// UnknownProjectError says that a text names no project, or more than one.
type UnknownProjectError struct {
	At    hrsource.Position // zero if it was typed
	Text  string
	Found []procore.Project // the projects that it may mean
	Near  []string          // similar numbers and names
}

func (e *UnknownProjectError) Error() string {
	what := fmt.Sprintf("no active project that the credentials see has the id or number %q%s", e.Text, sync.NearHint(e.Near))
	if len(e.Found) > 0 {
		var found []string
		for _, p := range e.Found {
			found = append(found, fmt.Sprintf("id %s (number %s, %s)", p.ID, cmp.Or(p.Number, "none"), cmp.Or(p.Name, "without a name")))
		}
		what = fmt.Sprintf("%q may be the project with %s: give the id as %s%s", e.Text, strings.Join(found, " or "), sync.IDPrefix, e.Found[0].ID)
	}
	return withPosition(e.At, what)
}

// ExitCode returns sync.ExitUsage.
func (e *UnknownProjectError) ExitCode() int { return sync.ExitUsage }

// withPosition prefixes a message with a position, if there is one.
func withPosition(where hrsource.Position, what string) string {
	if where == (hrsource.Position{}) {
		return what
	}
	return where.String() + ": " + what
}

// FindProject returns the one project whose id or number a text is; id:501 and number:501 say which of the two is
// meant. If there is none, or more than one, the error is an *UnknownProjectError.
func FindProject(projects []procore.Project, text string) (procore.Project, error) {
	id, number := sync.ReadProject(text)
	var found []procore.Project
	var names []string
	for _, p := range projects {
		names = append(names, p.Number, p.Name)
		if id == string(p.ID) || number != "" && number == sync.FoldNumber(p.Number) {
			found = append(found, p)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return procore.Project{}, &UnknownProjectError{Text: strings.TrimSpace(text), Found: found, Near: sync.NearNames(text, names)}
}

// Resolve returns the decisions with the ids of their projects, which may have been given by number. The id of a
// project that is not listed is kept, since the workflow may exist all the same. Every problem is a usage error.
func Resolve(ctx context.Context, r Directory, decisions []Decision) ([]Decision, []error) {
	if !slices.ContainsFunc(decisions, func(d Decision) bool { return d.Ref.Project != "" }) {
		return decisions, nil
	}
	projects, err := collect(r.Projects(ctx))
	if err != nil {
		return nil, []error{fmt.Errorf("read projects: %w", err)}
	}
	resolved := slices.Clone(decisions)
	var problems []error
	for i, d := range decisions {
		if d.Ref.Project == "" {
			continue
		}
		project, err := FindProject(projects, string(d.Ref.Project))
		var unknown *UnknownProjectError
		switch {
		case err == nil:
			resolved[i].Ref.Project = project.ID
		case errors.As(err, &unknown) && (len(unknown.Found) > 0 || !isID(d.Ref.Project)):
			unknown.At = d.At
			problems = append(problems, unknown)
		}
	}
	for _, d := range Twice(resolved) {
		problems = append(problems, &TwiceError{d})
	}
	return resolved, problems
}

// isID reports whether a text has the form of a Procore id: digits only.
func isID(id procore.ProjectID) bool {
	return strings.Trim(string(id), "0123456789") == ""
}

// PlacesOf returns the places of one project, by id or number, and of one tool, by type; an empty text matches every
// place. If none matches, the error is a usage error.
func PlacesOf(places []Place, project, tool string) ([]Place, error) {
	var projects []procore.Project
	var tools []string
	for _, p := range places {
		if p.Project != "" && !slices.ContainsFunc(projects, func(o procore.Project) bool { return o.ID == p.Project }) {
			projects = append(projects, procore.Project{ID: p.Project, Number: p.ProjectNumber, Name: p.ProjectName})
		}
		tools = append(tools, p.Tool.Type)
	}
	var only procore.Project
	if project != "" {
		var err error
		if only, err = FindProject(projects, project); err != nil {
			return nil, err
		}
	}
	if tool != "" && !slices.Contains(tools, tool) {
		return nil, &UnknownToolError{tool, sync.NearNames(tool, tools)}
	}
	return slices.DeleteFunc(slices.Clone(places), func(p Place) bool {
		return project != "" && p.Project != only.ID || tool != "" && p.Tool.Type != tool
	}), nil
}

// UnknownToolError says that no template in use belongs to the tool.
type UnknownToolError struct {
	Type string
	Near []string
}

func (e *UnknownToolError) Error() string {
	return fmt.Sprintf("no workflow template in use is of a tool %q%s: `assignee-sync check` lists templates with their tools", e.Type, sync.NearHint(e.Near))
}

// ExitCode returns sync.ExitUsage.
func (e *UnknownToolError) ExitCode() int { return sync.ExitUsage }
