package report

import (
	"slices"
	"strings"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report/guide"
)

// exceptionKind is all exceptions of one kind and weight, with what they mean and what to do about them.
type exceptionKind struct {
	kind  sync.Kind
	guide guide.Entry
	list  []sync.Exception
	items []item // the same, with those that say the same thing combined
}

// item is one thing to know, however many places it concerns.
type item struct {
	subject, detail string
	undone          bool
	places          []string // template, group and project
	sources         []string // HR rows, or rules
}

// byKind groups exceptions in the order of exceptions.csv, combining those that say the same about the same person or
// thing.
func byKind(exceptions []sync.Exception) []exceptionKind {
	exceptions = slices.Clone(exceptions)
	sync.SortExceptions(exceptions)
	var kinds []exceptionKind
	for _, e := range exceptions {
		if n := len(kinds); n == 0 || kinds[n-1].kind != e.Kind {
			kinds = append(kinds, exceptionKind{kind: e.Kind, guide: guide.To(e.Kind)})
		}
		kinds[len(kinds)-1].add(e)
	}
	return kinds
}

func (k *exceptionKind) add(e sync.Exception) {
	k.list = append(k.list, e)
	subject, detail := Clean(e.Subject), Clean(e.Detail)
	if e.Accepted && e.AcceptedUntil != "" {
		detail += Clean("; accepted until " + e.AcceptedUntil + ": " + e.AcceptedWhy)
	}
	it := k.said(subject, detail, e)
	if it == nil {
		k.items = append(k.items, item{subject: subject, detail: detail, undone: e.Incomplete})
		it = &k.items[len(k.items)-1]
	}
	if p := place(e, e.Kind.NamesProject() && it.detail == detail); p != "" && !slices.Contains(it.places, p) {
		it.places = append(it.places, p)
	}
	for _, s := range e.Source {
		if s = Clean(s); s != "" && !slices.Contains(it.sources, s) {
			it.sources = append(it.sources, s)
		}
	}
}

// said returns the item that already says the same, or nil. Somebody who is not assignable in one project is often not
// assignable in another: that is one item, in the words of the first.
func (k *exceptionKind) said(subject, detail string, e sync.Exception) *item {
	for i := len(k.items) - 1; i >= 0 && k.items[i].subject == subject; i-- {
		if it := &k.items[i]; it.detail == detail || e.Kind == sync.NotAssignable && it.undone == e.Incomplete {
			return it
		}
	}
	return nil
}

// count says how many people or things the kind is about and, if that is more, in how many places. For rejected rows it
// counts the rows.
func (k exceptionKind) count() string {
	text := sync.Grouped(k.size())
	if k.size() < len(k.list) {
		text += " in " + sync.Several(len(k.list), "place")
	}
	return text
}

func (k exceptionKind) size() int {
	if k.kind == sync.RowRejected {
		return len(k.list)
	}
	n := 0
	for i, it := range k.items { // items of one subject are adjacent
		if i == 0 || k.items[i-1].subject != it.subject {
			n++
		}
	}
	return n
}

// sizeOf sums up the kinds by what they are about.
func sizeOf(kinds []exceptionKind) string {
	n := 0
	for _, k := range kinds {
		n += k.size()
	}
	return sync.Grouped(n)
}

// tellCauses replaces rejected rows by what is wrong with them, if the plan has that.
func tellCauses(plan *sync.Plan, kinds []exceptionKind) {
	i := slices.IndexFunc(kinds, func(k exceptionKind) bool { return k.kind == sync.RowRejected })
	if i < 0 || plan == nil || len(plan.Roster.Causes) == 0 {
		return
	}
	kinds[i].items = nil
	for _, cause := range plan.Roster.Causes {
		it := item{subject: Clean(cause.What), detail: Clean(cause.Detail())}
		for _, at := range cause.All() {
			it.sources = append(it.sources, Clean(at))
		}
		kinds[i].items = append(kinds[i].items, it)
	}
}

// place says where an exception applies: template, group and project, as far as it has them. If the text beside it
// names the project, its id is left out.
func place(e sync.Exception, projectNamed bool) string {
	var parts []string
	for _, p := range []string{Clean(e.TemplateName), Clean(e.GroupName)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if e.Project != "" && !projectNamed {
		parts = append(parts, "project "+Clean(string(e.Project)))
	}
	return strings.Join(parts, " / ")
}

// String returns the item on one line: subject, detail, where, and the HR rows.
func (it item) String() string {
	line := it.subject
	if it.detail != "" {
		line += ": " + it.detail
	}
	if p := some(it.places, placesShown); p != "" {
		line += " [" + p + "]"
	}
	if s := some(it.sources, sourcesShown); s != "" {
		line += " (" + s + ")"
	}
	return line
}

// How many places and HR rows one line names before it only counts them.
const (
	placesShown  = 2
	sourcesShown = 3
)

// some joins the first elements of a list, and says how many more there are.
func some(list []string, most int) string {
	text := strings.Join(list[:min(len(list), most)], "; ")
	if more := len(list) - most; more > 0 {
		text += "; and " + sync.Grouped(more) + " more"
	}
	return text
}

// ofApply reports whether an exception arises while writing. All others are known when the plan is.
func ofApply(e sync.Exception) bool { return guide.To(e.Kind).Ends == guide.Event }
