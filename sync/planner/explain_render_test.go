package planner

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxProjectsNamed is how many projects a line of an explanation names.
const maxProjectsNamed = 5

// Render writes the explanation as text: what HR says, whom Procore knows, and what becomes of them, group by group.
func (e *Explanation) Render(w io.Writer) error {
	var out strings.Builder
	fmt.Fprintln(&out, e.Subject)
	if e.Missing != "" {
		fmt.Fprintf(&out, "\n  missing: %s\n", e.Missing)
	}
	if len(e.Rows) > 0 {
		fmt.Fprintln(&out, "\nIn HR")
	}
	for _, r := range e.Rows {
		fmt.Fprintf(&out, "  %s  %s\n", r.At, r.Says)
		if r.Missing != "" {
			fmt.Fprintf(&out, "    missing: %s\n", r.Missing)
			continue
		}
		for _, rule := range r.Rules {
			fmt.Fprintf(&out, "    rule %s\n", rule)
		}
		fmt.Fprintf(&out, "    %s\n", r.Login)
	}
	if len(e.Logins) > 0 {
		fmt.Fprintln(&out, "\nIn Procore")
	}
	for _, l := range e.Logins {
		fmt.Fprintf(&out, "  %s\n", l)
	}
	renderPlaces(&out, e.Places)
	_, err := io.WriteString(w, out.String())
	return err
}

// renderPlaces writes one line for all places of a group that are alike but for the project. Where all are in one project,
// it is named once.
func renderPlaces(out *strings.Builder, places []Place) {
	type alike struct {
		template, group, login, why, source string
		decision                            Decision
	}
	projects := map[alike][]string{}
	var order []alike
	var all []string
	for _, p := range places {
		key := alike{p.TemplateName, p.GroupName, p.Login, p.Why, p.Source, p.Decision}
		if _, ok := projects[key]; !ok {
			order = append(order, key)
		}
		name := cmp.Or(p.ProjectName, string(p.Project))
		if !slices.Contains(projects[key], name) {
			projects[key] = append(projects[key], name)
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	slices.SortStableFunc(order, func(a, b alike) int {
		return cmp.Or(strings.Compare(a.template, b.template), strings.Compare(a.group, b.group), strings.Compare(a.login, b.login))
	})
	if len(all) == 1 {
		fmt.Fprintf(out, "\nIn %s\n", all[0])
	}
	heading := ""
	for _, a := range order {
		if h := a.template + " / " + a.group; h != heading {
			heading = h
			fmt.Fprintf(out, "\n%s\n", h)
		}
		fmt.Fprintf(out, "  %s %s: %s", a.login, a.decision, a.why)
		if a.source != "" {
			fmt.Fprintf(out, " (%s)", strings.ReplaceAll(a.source, ";", "; "))
		}
		fmt.Fprintln(out)
		if len(all) > 1 {
			fmt.Fprintf(out, "    in %s\n", someOf(projects[a]))
		}
	}
}

func someOf(names []string) string {
	if len(names) <= maxProjectsNamed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:maxProjectsNamed], ", "), len(names)-maxProjectsNamed)
}
