package planner

import (
	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// exceptions collects what a person should know about a plan: one exception for each kind, subject, template, group and
// project, and one for each person who is kept or left out in a group of a template, however many presets that
// concerns.
type exceptions struct {
	p    *planner
	list []sync.Exception
	at   map[exceptionKey]int // index into list

	told    map[*row]bool     // rows of members that have an exception
	members map[memberOf]bool // members on every project who have an exception already, and whether it is incomplete
	people  map[personIn]*personCount

	removedByNumber map[*person]bool // people who are removed from a group although only an employee id identifies them
}

// exceptionKey is what makes two exceptions the same one.
type exceptionKey struct {
	kind                     sync.Kind
	subject, template, group string
	project                  procore.ProjectID
	source                   string // only for a rejected row
}

func newExceptions(p *planner) *exceptions {
	return &exceptions{p: p, list: []sync.Exception{}, at: map[exceptionKey]int{}, told: map[*row]bool{}, members: map[memberOf]bool{}, people: map[personIn]*personCount{}, removedByNumber: map[*person]bool{}}
}

// add adds an exception. If there is one already, it becomes incomplete if e is, and gets e's source as well.
func (x *exceptions) add(e sync.Exception) {
	key := exceptionKey{kind: e.Kind, subject: e.Subject, template: e.TemplateName, group: e.GroupName, project: e.Project}
	if e.Kind == sync.RowRejected {
		key.source = e.Source.String() // each rejected row is listed, even if several concern one person
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

// sorted returns all exceptions in order, with the accepted ones marked.
func (x *exceptions) sorted(accepted *sync.Acceptances, today hrsource.Date) []sync.Exception {
	sync.SortExceptions(x.list)
	accepted.Mark(x.list, today)
	return x.list
}
