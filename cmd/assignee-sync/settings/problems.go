package settings

import (
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/sync"
)

// Problem is one thing that is wrong with one setting.
type Problem struct {
	Name string // as the person wrote it: a setting, or a flag such as --mode
	What string // what is wrong and what is allowed; never the value of a secret
	Flag bool   // given on the command line

	Missing bool // not set at all
}

// Error is everything that is wrong with the settings.
type Error struct{ Problems []Problem }

// Error lists all problems, one a line.
func (e *Error) Error() string {
	if len(e.Problems) == 1 {
		return fmt.Sprintf("%s %s", e.Problems[0].Name, e.Problems[0].What)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d settings are wrong:", len(e.Problems))
	for _, p := range e.Problems {
		fmt.Fprintf(&b, "\n  %s %s", p.Name, p.What)
	}
	return b.String()
}

// ExitCode returns sync.ExitUsage if only flags are wrong, else sync.ExitConfig.
func (e *Error) ExitCode() int {
	if slices.ContainsFunc(e.Problems, func(p Problem) bool { return !p.Flag }) {
		return sync.ExitConfig
	}
	return sync.ExitUsage
}

// Set returns the problems with settings that are set, for a command that can go on without those that are not; nil if
// there are none.
func (e *Error) Set() error {
	wrong := slices.DeleteFunc(slices.Clone(e.Problems), func(p Problem) bool { return p.Missing })
	if len(wrong) == 0 {
		return nil
	}
	return &Error{wrong}
}

// Missing returns the settings that are needed and not set.
func (e *Error) Missing() []string {
	var names []string
	for _, p := range e.Problems {
		if p.Missing {
			names = append(names, p.Name)
		}
	}
	return names
}

// Names returns the names at fault, for the final line.
func (e *Error) Names() []string {
	var names []string
	for _, p := range e.Problems {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

// problemList collects what is wrong while settings are read.
type problemList struct {
	list []Problem
	// asFlag returns the flag by which a setting was given, if it was.
	asFlag func(setting string) (string, bool)
}

func (p *problemList) add(setting, format string, args ...any) {
	problem := Problem{Name: setting, What: fmt.Sprintf(format, args...)}
	if p.asFlag != nil {
		if flag, given := p.asFlag(setting); given {
			problem.Name, problem.Flag = flag, true
		}
	}
	p.list = append(p.list, problem)
}

// addMissing adds a setting that is needed and not set.
func (p *problemList) addMissing(setting, format string, args ...any) {
	p.add(setting, format, args...)
	p.list[len(p.list)-1].Missing = true
}

// addClash adds a problem with settings that exclude each other. If one of them was given as a flag, the flag is named,
// but it is not wrong usage by itself.
func (p *problemList) addClash(setting, format string, args ...any) {
	p.add(setting, format, args...)
	p.list[len(p.list)-1].Flag = false
}

// fileTold reports whether a file was given for the setting and has been reported as wrong already.
func (p *problemList) fileTold(setting string) bool {
	return slices.ContainsFunc(p.list, func(other Problem) bool { return other.Name == setting+"_FILE" })
}

// err returns all problems as one error, or nil.
func (p *problemList) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return &Error{Problems: p.list}
}
