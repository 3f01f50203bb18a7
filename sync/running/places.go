package running

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Directory is the part of Procore that finding places and people needs. *procore.Client implements it.
type Directory interface {
	Projects(context.Context) iter.Seq2[procore.Project, error]
	Tools(context.Context) ([]procore.Tool, error)
	Templates(context.Context) iter.Seq2[procore.Template, error]
	Users(context.Context) iter.Seq2[procore.User, error]
	InactiveUsers(context.Context) iter.Seq2[procore.User, error]
}

// Places returns every project and tool in which workflows may run: the tools that live templates use, in each project
// or, for company-level tools, in the company. An error means that a list could not be read to its end.
func Places(ctx context.Context, r Directory) ([]Place, error) {
	projects, err := collect(r.Projects(ctx))
	if err != nil {
		return nil, fmt.Errorf("read projects: %w", err)
	}
	tools, err := r.Tools(ctx)
	if err != nil {
		return nil, fmt.Errorf("read workflow tools: %w", err)
	}
	templates, err := collect(r.Templates(ctx))
	if err != nil {
		return nil, fmt.Errorf("read workflow templates: %w", err)
	}
	slices.SortFunc(projects, func(a, b procore.Project) int { return procore.CompareIDs(a.ID, b.ID) })
	var used []procore.ToolRef
	for _, t := range templates {
		if !t.Archived && t.Published != "" && !slices.Contains(used, t.Tool) {
			used = append(used, t.Tool)
		}
	}
	slices.SortFunc(used, func(a, b procore.ToolRef) int { return strings.Compare(a.String(), b.String()) })
	var places []Place
	for _, tool := range used {
		if provider, known := procore.ProviderOf(tools, tool); known && provider == procore.ProviderCompany {
			places = append(places, Place{Tool: tool})
			continue
		}
		for _, p := range projects {
			places = append(places, Place{Project: p.ID, ProjectNumber: p.Number, ProjectName: p.Name, Tool: tool})
		}
	}
	return places, nil
}

// UnknownPersonError says that nobody has the e-mail or id, or that several people have it.
type UnknownPersonError struct {
	Text  string
	Found []procore.Login // the people who have it
}

func (e *UnknownPersonError) Error() string {
	if len(e.Found) > 0 {
		var who []string
		for _, login := range e.Found {
			who = append(who, fmt.Sprintf("%s (id %s)", cmp.Or(login.Name, login.Login), login.ID))
		}
		return fmt.Sprintf("%d people in the company's directory have the e-mail or id %q: %s; give the id of the one who is meant",
			len(who), e.Text, strings.Join(who, ", "))
	}
	return fmt.Sprintf("nobody in the company's directory has the e-mail or id %q: give the e-mail as Procore has it", e.Text)
}

// ExitCode returns sync.ExitUsage.
func (e *UnknownPersonError) ExitCode() int { return sync.ExitUsage }

// FindPerson returns the one person in the directory, active or not, who has this e-mail or id. If there is none, or
// more than one, the error is an *UnknownPersonError.
func FindPerson(ctx context.Context, r Directory, text string) (procore.Login, error) {
	folded := hrsource.FoldAddress(text)
	found := map[procore.LoginID]procore.Login{}
	for _, list := range []iter.Seq2[procore.User, error]{r.Users(ctx), r.InactiveUsers(ctx)} {
		for u, err := range list {
			if err != nil {
				return procore.Login{}, fmt.Errorf("read the company directory: %w", err)
			}
			if string(u.ID) == strings.TrimSpace(text) || folded != "" && hrsource.FoldAddress(u.Email) == folded {
				found[u.ID] = procore.Login{ID: u.ID, Login: u.Email, Name: u.Name}
			}
		}
	}
	list := slices.SortedFunc(maps.Values(found), func(a, b procore.Login) int { return procore.CompareIDs(a.ID, b.ID) })
	if len(list) != 1 {
		return procore.Login{}, &UnknownPersonError{text, list}
	}
	return list[0], nil
}

// Everywhere returns a watch list that looks for one person in every place, no matter who was removed when.
func Everywhere(who procore.Login, places []Place, list WatchList) WatchList {
	entries := map[entryKey]Watched{}
	for _, p := range places {
		e := Watched{Person: who, Place: p, Since: farFuture}
		entries[e.key()] = e
	}
	for _, e := range list {
		if e.Person.ID == who.ID {
			e.Since = farFuture
			entries[e.key()] = e
		}
	}
	return newWatchList(entries)
}

// Of returns the entries for one person.
func (l WatchList) Of(person procore.LoginID) WatchList {
	return slices.DeleteFunc(slices.Clone(l), func(e Watched) bool { return e.Person.ID != person })
}

// Person returns the person on the list who has this e-mail or id.
func (l WatchList) Person(text string) (procore.Login, bool) {
	folded := hrsource.FoldAddress(text)
	for _, e := range l {
		if string(e.Person.ID) == strings.TrimSpace(text) || folded != "" && hrsource.FoldAddress(e.Person.Login) == folded {
			return e.Person, true
		}
	}
	return procore.Login{}, false
}
