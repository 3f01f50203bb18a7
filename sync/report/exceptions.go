package report

import (
	"cmp"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// exceptionSection gathers exceptions of one weight: those that leave something undone, those that are told only, and
// those that someone has accepted.
type exceptionSection struct {
	title string
	kinds []exceptionKind
}

// exceptionKind is all exceptions of one kind in a section.
type exceptionKind struct {
	kind  sync.Kind
	guide Guide
	list  []sync.Exception
}

func (s exceptionSection) size() int {
	n := 0
	for _, k := range s.kinds {
		n += len(k.list)
	}
	return n
}

// exceptionSections sorts exceptions by weight, kind and subject. Sections without any are left out.
func exceptionSections(exceptions []sync.Exception, asPlan bool) []exceptionSection {
	sections := []exceptionSection{
		{title: either(asPlan, "Would be left undone", "Left undone")},
		{title: "Worth knowing"},
		{title: "Accepted by SYNC_ACCEPTED_EXCEPTIONS"},
	}
	byWeight := make([][]sync.Exception, len(sections))
	for _, e := range exceptions {
		byWeight[weight(e)] = append(byWeight[weight(e)], e)
	}
	for i := range sections {
		sections[i].kinds = byKind(byWeight[i])
	}
	return slices.DeleteFunc(sections, func(s exceptionSection) bool { return len(s.kinds) == 0 })
}

// byKind sorts exceptions by kind and subject.
func byKind(exceptions []sync.Exception) []exceptionKind {
	exceptions = slices.Clone(exceptions)
	slices.SortStableFunc(exceptions, compareExceptions)
	var kinds []exceptionKind
	for _, e := range exceptions {
		if n := len(kinds); n == 0 || kinds[n-1].kind != e.Kind {
			kinds = append(kinds, exceptionKind{kind: e.Kind, guide: GuideTo(e.Kind)})
		}
		k := &kinds[len(kinds)-1]
		k.list = append(k.list, e)
	}
	return kinds
}

func weight(e sync.Exception) int {
	switch {
	case e.Accepted:
		return 2
	case e.Incomplete:
		return 0
	default:
		return 1
	}
}

func compareExceptions(a, b sync.Exception) int {
	return cmp.Or(
		strings.Compare(string(a.Kind), string(b.Kind)),
		strings.Compare(a.Subject, b.Subject),
		strings.Compare(a.TemplateName, b.TemplateName),
		strings.Compare(a.GroupName, b.GroupName),
		procore.CompareIDs(a.Project, b.Project),
		strings.Compare(a.Source, b.Source),
		strings.Compare(a.Detail, b.Detail),
	)
}

// place says where an exception holds: template, group and project, as far as it names them.
func place(e sync.Exception) string {
	var parts []string
	for _, p := range []string{Clean(e.TemplateName), Clean(e.GroupName)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if e.Project != "" {
		parts = append(parts, "project "+Clean(string(e.Project)))
	}
	return strings.Join(parts, " / ")
}

// applyKinds are the exceptions that arise in writing. Everything else is known when the plan is.
var applyKinds = []sync.Kind{sync.ConflictKind, sync.FailedKind, sync.NotAttemptedKind}

func ofApply(e sync.Exception) bool { return slices.Contains(applyKinds, e.Kind) }
