package sync

import (
	"cmp"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
)

// telling gathers exceptions, one for each kind, subject, template, group and project.
type telling struct {
	list []Exception
	at   map[tellingKey]int
	kept map[keptKey]*keptCount
}

type tellingKey struct {
	kind                           Kind
	subject, template, group, more string
	project                        procore.ProjectID
}

// keptKey is somebody who is kept in a group of a template, in however many presets.
type keptKey struct {
	kind Kind
	who  int32
	name int32 // of template and group
}

type keptCount struct {
	presets int
	project procore.ProjectID // the first; empty where there are several, or for the company's own presets
	several bool
	why     keeping
}

func newTelling() *telling {
	return &telling{at: map[tellingKey]int{}, kept: map[keptKey]*keptCount{}}
}

// tell adds an exception. One that is there already becomes incomplete where this one is, and gets its source too.
func (t *telling) tell(e Exception) {
	key := tellingKey{e.Kind, e.Subject, e.TemplateName, e.GroupName, "", e.Project}
	if e.Kind == RowRejected {
		key.more = e.Source // each rejected row is listed, even if several speak of one person
	}
	i, ok := t.at[key]
	if !ok {
		t.at[key] = len(t.list)
		t.list = append(t.list, e)
		return
	}
	have := &t.list[i]
	if e.Incomplete && !have.Incomplete {
		have.Incomplete, have.Detail = true, e.Detail
	}
	have.Source = joinSources(have.Source, e.Source)
}

func joinSources(a, b string) string {
	if a == "" || b == "" || a == b {
		return cmp.Or(a, b)
	}
	have := strings.Split(a, ";")
	for _, s := range strings.Split(b, ";") {
		if !slices.Contains(have, s) {
			have = append(have, s)
		}
	}
	return strings.Join(have, ";")
}

// sorted gives all exceptions in order, those that were accepted marked.
func (t *telling) sorted(accepted *Acceptances, today hrsource.Date) []Exception {
	out := t.list
	if out == nil {
		out = []Exception{}
	}
	SortExceptions(out)
	accepted.Mark(out, today)
	return out
}
