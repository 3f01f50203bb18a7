package planner

import (
	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// exceptions gathers what a person should know of a plan: one exception for each kind, subject, template, group and
// project, and one for each person who is kept or left out in a group of a template, in however many presets.
type exceptions struct {
	p    *planner
	list []sync.Exception
	at   map[exceptionKey]int // where in list

	told    map[*row]bool     // rows of members who were told of
	members map[memberOf]bool // of members on every project who were told of already: as incomplete
	people  map[personIn]*personCount

	removedByNumber map[*person]bool // those who leave a group, though an employee id alone says who they are
}

// exceptionKey is what tells exceptions apart.
type exceptionKey struct {
	kind                     sync.Kind
	subject, template, group string
	project                  procore.ProjectID
	source                   string // of a rejected row
}

func newExceptions(p *planner) *exceptions {
	return &exceptions{p: p, list: []sync.Exception{}, at: map[exceptionKey]int{}, told: map[*row]bool{}, members: map[memberOf]bool{}, people: map[personIn]*personCount{}, removedByNumber: map[*person]bool{}}
}

// add adds an exception. One that is there already becomes incomplete where this one is, and gets its source too.
func (x *exceptions) add(e sync.Exception) {
	key := exceptionKey{kind: e.Kind, subject: e.Subject, template: e.TemplateName, group: e.GroupName, project: e.Project}
	if e.Kind == sync.RowRejected {
		key.source = e.Source.String() // each rejected row is listed, even if several speak of one person
	}
	i, ok := x.at[key]
	if !ok {
		x.at[key] = len(x.list)
		x.list = append(x.list, e)
		return
	}
	have := &x.list[i]
	if e.Incomplete && !have.Incomplete {
		have.Incomplete, have.Detail = true, e.Detail
	}
	have.Source = have.Source.And(e.Source)
}

// sorted returns all exceptions in order, those that were accepted marked.
func (x *exceptions) sorted(accepted *sync.Acceptances, today hrsource.Date) []sync.Exception {
	sync.SortExceptions(x.list)
	accepted.Mark(x.list, today)
	return x.list
}
