package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/report/guide"
)

// projectsNamed is how many projects a line of an explanation names.
const projectsNamed = 5

// Explanation writes why somebody is or is not an assignee, as text: what HR says, whom Procore knows, and what is
// decided about them, group by group. Everything that comes from HR and Procore is cleaned.
func Explanation(w io.Writer, e *planner.Explanation) error {
	var out strings.Builder
	fmt.Fprintln(&out, Clean(e.Subject))
	if e.Missing != "" {
		fmt.Fprintf(&out, "\n  missing: %s\n", Clean(e.Missing))
	}
	if len(e.Rows) > 0 {
		fmt.Fprintln(&out, "\nIn HR")
	}
	for _, r := range e.Rows {
		explainRow(&out, r)
	}
	if len(e.Logins) > 0 {
		fmt.Fprintln(&out, "\nIn Procore")
	}
	for _, l := range e.Logins {
		fmt.Fprintf(&out, "  %s\n", Clean(l))
	}
	explainPlaces(&out, e.Places)
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write the explanation: %w", err)
	}
	return nil
}

func explainRow(out *strings.Builder, r planner.ExplainedRow) {
	fmt.Fprintf(out, "  %s  %s\n", Clean(r.At), Clean(r.Says))
	if r.Missing != "" {
		fmt.Fprintf(out, "    missing: %s\n", Clean(r.Missing))
		explainTodo(out, r.Kind)
		return
	}
	for _, rule := range r.Rules {
		fmt.Fprintf(out, "    rule %s\n", Clean(rule))
	}
	fmt.Fprintf(out, "    %s\n", Clean(r.Login))
}

// outcomeInProjects is what is decided about somebody in the groups of one name in one template, with the projects in
// which that is the same.
type outcomeInProjects struct {
	template, group, login, who, why, source string
	decision                                 planner.Decision
	kind                                     sync.Kind
}

// explainPlaces writes one line for all places that differ only in the project. If all are in one project, it is named
// once.
func explainPlaces(out *strings.Builder, places []planner.Place) {
	projects := map[outcomeInProjects][]string{}
	var order []outcomeInProjects
	var all []string
	for _, p := range places {
		who := personText(Clean(p.PersonName), Clean(p.Login), "")
		o := outcomeInProjects{Clean(p.TemplateName), Clean(p.GroupName), Clean(p.Login), who, Clean(p.Why), positions(p.Source), p.Decision, p.Kind}
		if _, known := projects[o]; !known {
			order = append(order, o)
		}
		name := Clean(cmp.Or(p.ProjectName, string(p.Project)))
		projects[o] = append(projects[o], name)
		all = append(all, name)
	}
	slices.SortStableFunc(order, func(a, b outcomeInProjects) int {
		return cmp.Or(strings.Compare(a.template, b.template), strings.Compare(a.group, b.group), strings.Compare(a.login, b.login))
	})
	all = once(all)
	if len(all) == 1 {
		fmt.Fprintf(out, "\nIn %s\n", all[0])
	}
	heading := ""
	for _, o := range order {
		if h := o.template + " / " + o.group; h != heading {
			heading = h
			fmt.Fprintf(out, "\n%s\n", h)
		}
		fmt.Fprintf(out, "  %s %s: %s", o.who, o.decision, o.why)
		if o.source != "" {
			fmt.Fprintf(out, " (%s)", o.source)
		}
		fmt.Fprintln(out)
		if len(all) > 1 {
			fmt.Fprintf(out, "    in %s\n", someOf(once(projects[o])))
		}
		explainTodo(out, o.kind)
	}
}

// explainTodo writes what to do about a kind of exception, if there is anything.
func explainTodo(out *strings.Builder, kind sync.Kind) {
	if todo := guide.To(kind).Todo; todo != "" {
		fmt.Fprintf(out, "    to do: %s\n", todo)
	}
}

// once returns each text in a list once, in order of first occurrence.
func once(list []string) []string {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(s string) bool {
		known := seen[s]
		seen[s] = true
		return known
	})
}

func someOf(names []string) string {
	if len(names) <= projectsNamed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:projectsNamed], ", "), len(names)-projectsNamed)
}
