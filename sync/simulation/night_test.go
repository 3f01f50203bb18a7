package simulation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/running"
)

// night is one run in the simulation: what it was to be, and what came of it.
type night struct {
	runID       string
	faulty      bool
	concurrency int
	dry         bool              // a plan, or a run that is refused the lock: nothing may be written
	saved       *night            // apply the plan of that dry run
	undoes      *night            // roll that run back
	approve     string            // a plan's digest
	onlyProject procore.ProjectID // SYNC_PROJECTS
	refresh     bool
	byHand      bool               // `handover`, typed by a person
	decisions   []running.Decision // `respond` with these; nil: another command
	named       procore.LoginID    // and whom they named instead of the successors
	maxDuration time.Duration
	truth       *truth // what was so when HR and Procore were read

	memoryBefore map[string][]byte // what the ledger remembered before the night

	kill, signal, beside moment
	besideIsDry          bool
	torn                 bool // the kill cuts the journal's last line
	tear                 int  // so many of a hundred parts of it are left
	deathInReports       int  // the run dies when so many reports are whole; negative: it does not
	stop                 func()
	ctx                  context.Context

	killed      bool
	start       time.Time
	end         time.Time
	rec         sync.Record
	err         error
	plan        *sync.PlanFile // as it was on disk while the run went on
	touched     map[procore.PresetRef]touchings
	sent        map[procore.PresetRef][]procore.GroupWrite // last
	lastRead    map[procore.PresetRef][]procore.GroupWrite // since the plan was made
	lastReading map[procore.PresetRef]*reading
	breaches    []string // what the wire saw that must never happen

	readFirst map[procore.PresetRef]bool     // presets that were read before the plan was made
	planned   map[procore.PresetRef]*reading // and as what

	firstInvite, firstStir              int // the same of workflows
	firstWrite, firstEdit, firstRequest int // indexes into the server's record: what is before belongs to earlier nights
	changed                             bool
	count                               map[string]int // requests by kind
}

// simulation is a world with its Procore and its ledger, over many nights.
type simulation struct {
	*world
	server   *sandbox.Server
	opts     sandbox.Options
	dir      string
	tally    tally
	nights   []*night
	open     []*night // killed, and not closed by a later run yet
	passed   *night   // the last run that passed
	readDays int      // SYNC_READ_DAYS
	tampered int      // before which night somebody meddled with the memory last
	stale    bool     // the memory was tampered with, or may not know of a preset
	shift    int      // changes of the company in the middle of a night
	oldCache []byte   // the memory as it was some nights ago

	running      sync.RunningMode   // SYNC_RUNNING
	maxHandovers int                // SYNC_MAX_HANDOVERS
	removed      map[seat]time.Time // whom runs have removed, by what they say themselves, and when last
}

// run lets one night pass.
func (s *simulation) run(n *night) {
	n.runID = fmt.Sprintf("20261123T%06dZ-%06x", len(s.nights), len(s.nights)) // in order, as real ones are
	s.nights = append(s.nights, n)
	n.firstWrite, n.firstEdit, n.firstRequest = len(s.server.History()), len(s.server.Edits()), len(s.server.Requests())
	n.firstInvite, n.firstStir = len(s.server.InstanceWrites()), len(s.server.InstanceEdits())
	if n.truth == nil {
		n.truth = s.truth.clone()
	}
	w := s.newWire(n)
	n.touched, n.sent, n.lastReading = w.touched, w.sent, w.last
	n.memoryBefore = s.memoryFiles()
	ctx := n.stopped()
	shift := s.shift
	n.start = time.Now()
	s.tally.add("nights")
	n.rec, n.err = s.doRun(ctx, n, w)
	n.end = time.Now()
	n.count = w.count
	_ = w.planned() // while it is there
	n.changed = s.shift != shift
	switch {
	case w.dead:
		n.killed, n.deathInReports = true, -1
		writeTree(s.dir, w.frozen)
	case n.deathInReports >= 0:
		n.killed = s.dieInReports(n, n.deathInReports)
	}
}

func (s *simulation) doRun(ctx context.Context, n *night, w *wire) (sync.Record, error) {
	j, err := s.job(n, w)
	if err != nil {
		return sync.Record{}, err
	}
	req := job.ApplyRequest{Approve: n.approve}
	switch {
	case n.decisions != nil:
		s.tally.add("runs that answer")
		return j.Respond(ctx, n.decisions)
	case n.byHand:
		s.tally.add("hand-overs by hand")
		return s.handOverByHand(n, j)
	case n.undoes != nil:
		s.tally.add("rollbacks")
		return j.Rollback(ctx, n.undoes.runID, req)
	case n.saved != nil:
		s.tally.add("saved plans applied")
		req.Saved = n.saved.plan
		return j.Apply(ctx, req)
	case n.dry:
		return j.Plan(ctx)
	default:
		return j.Apply(ctx, req)
	}
}

// runBeside starts another run while one is going on: an apply is refused the lock before it asks Procore anything, and
// a plan changes nothing.
func (s *simulation) runBeside(n *night) {
	other := &night{runID: strings.Replace(n.runID, "20261123", "20261124", 1), dry: true, concurrency: 1, truth: n.truth}
	w := s.newWire(other)
	j, err := s.job(other, w)
	if err != nil {
		n.breaches = append(n.breaches, "a run beside another: "+err.Error())
		return
	}
	if n.besideIsDry {
		_, _ = j.Plan(context.Background())
		s.tally.add("dry runs beside another run")
	} else {
		_, err = j.Apply(context.Background(), job.ApplyRequest{})
		n.breaches = append(n.breaches, checkRefused(n, w, err)...)
		s.tally.add("second runs refused")
	}
	n.breaches = append(n.breaches, other.breaches...)
}

// checkRefused: a second run ends with 5, says who holds the lock, and asks Procore nothing.
func checkRefused(n *night, w *wire, err error) []string {
	var exit *job.ExitError
	var held *ledger.HeldError
	switch {
	case !errors.As(err, &exit) || exit.Code != sync.ExitLocked || !errors.As(err, &held):
		return []string{fmt.Sprintf("a second run is not refused the lock: %v", err)}
	case held.RunID != n.runID:
		return []string{fmt.Sprintf("run %s holds the lock, and the one refused it is told %s", n.runID, held.RunID)}
	case len(w.count) > 0:
		return []string{fmt.Sprintf("a run that was refused the lock asks Procore: %v", w.count)}
	}
	return nil
}

func (s *simulation) job(n *night, w *wire) (*job.Job, error) {
	client, err := procore.New(procore.Config{
		Company: s.company.ID, APIURL: "http://127.0.0.1/api", LoginURL: "http://127.0.0.1/login",
		ClientID: sandbox.DefaultClientID, ClientSecret: sandbox.DefaultClientSecret,
		Concurrency: n.concurrency, MaxAttempts: 3, Transport: w, Jitter: func() float64 { return 0.5 },
	})
	if err != nil {
		return nil, err
	}
	led, err := ledger.Open(context.Background(), ledger.Options{Dir: s.dir})
	if err != nil {
		return nil, err
	}
	apart, err := s.separation()
	if err != nil {
		return nil, err
	}
	reader := job.Procore(client)
	if n.concurrency == 1 {
		reader = newInTurns(client)
	}
	j := &job.Job{
		Procore: reader, Company: s.company.ID, Host: client.Host(),
		Source: func(terms hrsource.Terms) hrsource.Source {
			return hrsource.CSV{Path: "-", Stdin: strings.NewReader(n.truth.hrCSV()), Format: hrsource.RowFormat{Terms: terms}}
		},
		LoadRoleMap: s.loadRoleMap,
		Policy:      s.policy,
		Separation:  apart,
		Ledger:      led,
		Concurrency: n.concurrency, MaxAttempts: 3,
		Running: s.running, MaxHandovers: s.maxHandovers,
		MaxDuration: n.maxDuration, Refresh: n.refresh, ReadDays: s.readDays,
		RunID: func(time.Time) string { return n.runID },
		By:    "simulation", Machine: "here", PID: 1,
	}
	if n.onlyProject != "" {
		j.Projects = []string{string(n.onlyProject)}
	}
	return j, nil
}

func (s *simulation) loadRoleMap(context.Context) (*planner.RoleMap, error) {
	var rows []hrsource.RoleRow
	for i, r := range s.rules {
		rows = append(rows, hrsource.RoleRow{
			Template: r.template, Group: r.group, Team: r.team, Role: r.role,
			At: hrsource.Position{Source: "role-map.csv", Line: i + 2},
		})
	}
	return planner.NewRoleMap(rows, "role-map.csv", "the only one"), nil
}
