package snapshot

import (
	"context"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Options say what to read and how.
type Options struct {
	Company     procore.CompanyID
	Host        string
	Templates   []string // SYNC_TEMPLATES: names or ids; empty means all
	Projects    []string // SYNC_PROJECTS: names, numbers or ids; empty means all
	Concurrency int      // concurrent readers; the client bounds the requests in flight itself

	// Memory is what earlier runs remember; it may be nil. Read takes it over, so the caller must not use it
	// afterwards. It says where presets are. Their remembered contents are planned from only if ReadDays is more than 1
	// and All is not set.
	Memory   *Memory
	ReadDays int            // SYNC_READ_DAYS: each preset is read at least once in so many days; 0 or 1 means in each run
	All      bool           // read every preset in scope
	Place    *time.Location // decides which day it is; nil means UTC

	PresetsBy time.Time // when reading presets must end, to leave time for writing; zero means no limit
	Now       func() time.Time
	Progress  func(phase string, done, total int) // may be nil
	Forecast  func(sync.Forecast)                 // called with what is about to be asked, before the first preset is read; may be nil
}

// Needs returns what still has to be read for a plan of the snapshot: presets that it would write but are only
// remembered, and possible assignees. It is called repeatedly until it needs nothing more.
type Needs func(*sync.Snapshot) sync.Needs

// Read reads everything that a plan needs. An error means that the company as a whole could not be read; what concerns
// one project or preset is in Snapshot.Unreadable instead. If needs is nil, no possible assignees are read.
//
// A run that remembers presets reads again those that its plan would write, those whose template has been published
// anew, those whose fate the last run did not learn, and, of the others, the ones unread for longest: about the same
// number each day.
func Read(ctx context.Context, r Reader, opts Options, needs Needs) (*sync.Snapshot, *Memory, error) {
	p := newReading(r, opts, needs)
	all, err := p.readCompany(ctx)
	if err != nil {
		return nil, nil, err
	}
	p.chooseScope(all)
	p.recall()
	for _, step := range []func(context.Context) error{p.foresee, p.listPresets, p.readPresets} {
		if err := step(ctx); err != nil {
			return nil, nil, err
		}
	}
	if len(opts.Projects) == 0 && !p.snapshot.Partial() {
		p.snapshot.Invisible = p.invisibleProjects()
	}
	p.snapshot.LookedAt = p.oldestList()
	p.snapshot.GroupTypes = countGroupTypes(p.snapshot.Versions)
	sortUnreadable(p.snapshot)
	return p.snapshot, p.remember(), nil
}

// reading is one call of Read.
type reading struct {
	Reader
	opts     Options
	needs    Needs
	snapshot *sync.Snapshot

	templates map[procore.TemplateID]procore.Template
	projects  map[procore.ProjectID]procore.Project
	scopes    []procore.AssigneeScope // where presets of the templates in scope can be; sorted

	listed  map[procore.AssigneeScope]time.Time // when each was last listed
	asked   map[procore.AssigneeScope]asking    // what became of each in this run
	unread  map[procore.PresetRef]scopedPreset  // presets that exist but are not in the snapshot
	tried   map[procore.PresetRef]bool          // presets that this run has asked for
	out     map[procore.PresetRef]bool          // presets that are about to be dropped from the snapshot
	mayWait map[procore.PresetRef]bool          // presets whose turn it is but that can be left to the next run
	next    []procore.PresetRef                 // presets to read next, in this order
	texts   interner
}

func newReading(r Reader, opts Options, needs Needs) *reading {
	return &reading{
		Reader: r, opts: opts, needs: needs,
		snapshot: &sync.Snapshot{
			Company:  opts.Company,
			Host:     opts.Host,
			Place:    opts.Place,
			Filtered: len(opts.Templates)+len(opts.Projects) > 0,
			Versions: map[procore.VersionID]procore.TemplateVersion{},
			Possible: map[procore.AssigneeScope][]procore.Login{},
		},
		templates: map[procore.TemplateID]procore.Template{},
		projects:  map[procore.ProjectID]procore.Project{},
		listed:    map[procore.AssigneeScope]time.Time{},
		asked:     map[procore.AssigneeScope]asking{},
		unread:    map[procore.PresetRef]scopedPreset{},
		tried:     map[procore.PresetRef]bool{},
		out:       map[procore.PresetRef]bool{},
		mayWait:   map[procore.PresetRef]bool{},
	}
}
