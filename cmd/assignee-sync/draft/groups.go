package draft

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
)

// Reader is the part of Procore that a draft needs. *procore.Client implements it.
type Reader interface {
	Projects(ctx context.Context) iter.Seq2[procore.Project, error]
	Templates(ctx context.Context) iter.Seq2[procore.Template, error]
	Version(ctx context.Context, id procore.VersionID) (procore.TemplateVersion, error)
}

// Projects returns the ids and numbers of the company's projects, in lower case.
func Projects(ctx context.Context, p Reader) (map[string]bool, error) {
	known := map[string]bool{}
	for project, err := range p.Projects(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read projects: %w", err)
		}
		known[string(project.ID)] = true
		if number := strings.ToLower(strings.TrimSpace(project.Number)); number != "" {
			known[number] = true
		}
	}
	return known, nil
}

// Groups returns the groups of type responsible_role of all live templates, by template and name.
func Groups(ctx context.Context, p Reader) ([]Group, error) {
	var groups []Group
	for template, err := range p.Templates(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read workflow templates: %w", err)
		}
		if template.Archived || template.Published == "" {
			continue
		}
		version, err := p.Version(ctx, template.Published)
		if err != nil {
			return nil, fmt.Errorf("read template %s: %w", template.Name, err)
		}
		for _, g := range version.Groups {
			if strings.EqualFold(g.Type, procore.TypeResponsibleRole) {
				groups = append(groups, Group{template.Name, g.Name})
			}
		}
	}
	slices.SortFunc(groups, func(a, b Group) int {
		if c := strings.Compare(a.Template, b.Template); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return groups, nil
}
