package settings

import (
	"errors"
	"io"
	"math"
	"os"
	"path"
	"regexp"
	"strings"
	"time"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
)

var domain = regexp.MustCompile(`^[\pL\pN]([\pL\pN-]*[\pL\pN])?(\.[\pL\pN]([\pL\pN-]*[\pL\pN])?)+$`)

// maxReadDays is the longest time for which a preset may go unread, in days.
const maxReadDays = 365

// maxAdditionPercent is the largest allowed SYNC_MAX_ADDITION_PERCENT. It is more than 100, since a run may add more
// people than there are.
const maxAdditionPercent = 1000

// readSync reads the settings that say what to sync, and how.
func (c *Config) readSync(t texts, problems *problemList) {
	c.Templates = problems.names("SYNC_TEMPLATES", t.Templates)
	c.Projects = problems.names("SYNC_PROJECTS", t.Projects)
	if t.MaxDuration != "" {
		c.MaxDuration = problems.duration("SYNC_MAX_DURATION", t.MaxDuration, time.Second)
	}
	c.ReadDays = problems.whole("SYNC_READ_DAYS", t.ReadDays, 1, maxReadDays)
}

// readLimits reads the settings that say who may be removed, and the limits of the gates.
func (c *Config) readLimits(t texts, problems *problemList) {
	p := sync.DefaultPolicy()
	p.Mode = sync.Mode(problems.oneOf("SYNC_MODE", t.Mode, string(sync.Authoritative), string(sync.Additive)))
	for _, glob := range problems.names("SYNC_PROTECTED_LOGINS", t.ProtectedLogins) {
		p.Protected = append(p.Protected, problems.glob("SYNC_PROTECTED_LOGINS", glob))
	}
	for _, d := range problems.names("SYNC_MANAGED_DOMAINS", t.ManagedDomains) {
		p.ManagedDomains = append(p.ManagedDomains, problems.domain("SYNC_MANAGED_DOMAINS", d))
	}
	p.AllowEmptyGroups = problems.truth("SYNC_ALLOW_EMPTY_GROUPS", t.AllowEmptyGroups)
	p.MaxGroupRemovalPercent = problems.whole("SYNC_MAX_GROUP_REMOVAL_PERCENT", t.MaxGroupRemovalPercent, 0, 100)
	p.MaxRemovalPercent = problems.whole("SYNC_MAX_REMOVAL_PERCENT", t.MaxRemovalPercent, 0, 100)
	if t.MaxRemovals != "" {
		most := problems.whole("SYNC_MAX_REMOVALS", t.MaxRemovals, 0, math.MaxInt)
		p.MaxRemovals = &most
	}
	p.MaxAdditionPercent = problems.whole("SYNC_MAX_ADDITION_PERCENT", t.MaxAdditionPercent, 0, maxAdditionPercent)
	p.AllowFirstRun = problems.oneOf("SYNC_FIRST_RUN", t.FirstRun, "approve", "allow") == "allow"
	p.MinRows = problems.whole("HR_MIN_ROWS", t.MinRows, 0, math.MaxInt)
	p.MaxRejectedRows = problems.whole("HR_MAX_REJECTED_ROWS", t.MaxRejectedRows, 0, math.MaxInt)
	p.MaxShrinkPercent = problems.whole("HR_MAX_SHRINK_PERCENT", t.MaxShrinkPercent, 0, 100)
	if t.MaxAge != "" {
		p.MaxAge = problems.duration("HR_MAX_AGE", t.MaxAge, time.Second)
	}
	c.Policy = p
	c.Separation = problems.separation("SYNC_SEPARATION", t.Separation)
	c.Accepted = problems.acceptances("SYNC_ACCEPTED_EXCEPTIONS", t.AcceptedExceptions)
}

// location reads a time zone by its name.
func (p *problemList) location(setting, text string) *time.Location {
	name := strings.TrimSpace(text)
	location, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		p.add(setting, "is %q: the name of a time zone is allowed, such as UTC or America/Denver", text)
		return time.UTC
	}
	return location
}

// glob reads a pattern for logins.
func (p *problemList) glob(setting, text string) string {
	if _, err := path.Match(text, ""); err != nil {
		p.add(setting, "holds %q, which is not a pattern: * stands for any letters, ? for one, [ab] for one of some", text)
	}
	return text
}

// domain reads the part of an address after the @.
func (p *problemList) domain(setting, text string) string {
	if !domain.MatchString(text) {
		p.add(setting, "holds %q: whole domains are allowed, such as example.com, without @ or *", text)
	}
	return text
}

// separation reads the file of groups that nobody may be in both of.
func (p *problemList) separation(setting, file string) *planner.Separation {
	return fileOf(p, setting, file, planner.ReadSeparation)
}

// acceptances reads the file of exceptions that someone has accepted.
func (p *problemList) acceptances(setting, file string) *sync.Acceptances {
	return fileOf(p, setting, file, sync.ReadAcceptances)
}

// fileOf reads the file that a setting names. It returns nil if it names none, or one with mistakes.
func fileOf[T any](p *problemList, setting, file string, read func(name string, r io.Reader) (*T, error)) *T {
	if file == "" {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		p.add(setting, "%v", plainPathError(err))
		return nil
	}
	defer f.Close()
	content, err := read(file, f)
	var config *sync.ConfigError
	switch {
	case errors.As(err, &config):
		p.add(setting, "names a file with mistakes: %v", config)
	case err != nil:
		p.add(setting, "%v", plainPathError(err))
	}
	return content
}
