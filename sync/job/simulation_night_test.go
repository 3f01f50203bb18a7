package job_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	gosync "sync"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
)

// night is one run in the simulation: what it was, and what came of it.
type night struct {
	runID  string
	faulty bool
	killed bool
	rec    sync.Record
	err    error

	firstWrite   int      // index into the server's history of the first write of this night
	firstRequest int      // the same for its requests
	breaches     []string // what the wire saw that must never happen
}

// wire is the network between a run and the simulated Procore. It watches the order of things, and can kill the run:
// from then on nothing is answered, and the ledger is as it was at that moment.
type wire struct {
	under  http.RoundTripper
	server *sandbox.Server
	dir    string // the ledger
	runID  string
	kill   killPoint

	mu      gosync.Mutex
	count   map[string]int // requests by kind
	dead    bool
	frozen  map[string][]byte // the ledger's files at the kill
	read    map[procore.PresetRef]bool
	patches int
	breach  []string
}

// killPoint is where a run dies: at the nth request of a kind, before it is sent or after it was done.
type killPoint struct {
	kind  string // "GET preset", "PATCH", …; empty: never
	nth   int
	after bool
}

var errKilled = errors.New("the process is gone")

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	kind, ref := requestKind(r)
	if w.arrive(kind, ref, r) {
		return nil, errKilled
	}
	res, err := w.under.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		closeBody(res)
		return nil, errKilled
	}
	if w.dies(kind, true) {
		closeBody(res)
		return nil, errKilled
	}
	switch {
	case err != nil:
	case kind == "GET preset" && res.StatusCode == http.StatusOK && w.planned():
		w.read[ref] = true
	case kind == "PATCH" && res.StatusCode == http.StatusUnauthorized:
		w.read[ref] = true // nothing was done: the client sends it once more with a new token
	}
	return res, err
}

func closeBody(res *http.Response) {
	if res != nil {
		_ = res.Body.Close()
	}
}

// arrive notes a request, and says whether the run is dead.
func (w *wire) arrive(kind string, ref procore.PresetRef, r *http.Request) (dead bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count[kind]++
	if w.dead || w.dies(kind, false) {
		return true
	}
	if kind == "PATCH" {
		w.patches++
		w.checkPatch(ref, r)
	}
	return false
}

// checkPatch holds a write against rules 4, 5 and 7: the plan is on disk, the preset was read since, and the journal
// announces exactly this write.
func (w *wire) checkPatch(ref procore.PresetRef, r *http.Request) {
	if !w.planned() {
		w.breach = append(w.breach, "a write before the plan is on disk")
	}
	if !w.read[ref] {
		w.breach = append(w.breach, fmt.Sprintf("preset %s is written without having been read again first", ref.Preset))
	}
	w.read[ref] = false
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.breach = append(w.breach, "a write's body cannot be read: "+err.Error())
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.checkAnnounced(ref, body)
}

func (w *wire) planned() bool {
	_, err := os.Stat(filepath.Join(w.dir, w.runID, "plan.json"))
	return err == nil
}

// dies kills the run if this is the moment.
func (w *wire) dies(kind string, after bool) bool {
	if w.kill.kind != kind || w.kill.after != after || w.kill.nth != w.count[kind] {
		return false
	}
	w.dead = true
	w.frozen = readTree(w.dir)
	return true
}

func requestKind(r *http.Request) (string, procore.PresetRef) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	var ref procore.PresetRef
	for i, p := range parts {
		if p == "projects" && i+1 < len(parts) {
			ref.Project = procore.ProjectID(parts[i+1])
		}
		if p == "presets" && i+1 < len(parts) {
			ref.Preset = procore.PresetID(parts[i+1])
		}
	}
	switch {
	case r.Method == http.MethodPatch:
		return "PATCH", ref
	case ref.Preset != "":
		return "GET preset", ref
	default:
		return r.Method + " " + parts[len(parts)-1], ref
	}
}

// simulation is a world with its Procore and its ledger, over many nights.
type simulation struct {
	*world
	server *sandbox.Server
	dir    string
	nights []*night
}

// run lets one night pass.
func (s *simulation) run(n *night, kill killPoint, concurrency int) {
	n.runID = fmt.Sprintf("20261123T%06dZ-%06x", len(s.nights), len(s.nights)) // in order, as real ones are
	n.firstWrite, n.firstRequest = len(s.server.History()), len(s.server.Requests())
	s.nights = append(s.nights, n)
	w := &wire{
		under: s.server.Transport(), server: s.server, dir: s.dir, runID: n.runID, kill: kill,
		count: map[string]int{}, read: map[procore.PresetRef]bool{},
	}
	j, err := s.job(n.runID, w, concurrency)
	if err != nil {
		n.err = err
		return
	}
	n.rec, n.err = j.Apply(context.Background(), job.ApplyRequest{})
	if w.dead {
		n.killed = true
		writeTree(s.dir, w.frozen)
	}
	n.breaches = w.breach
}

func (s *simulation) job(runID string, w *wire, concurrency int) (*job.Job, error) {
	client, err := procore.New(procore.Config{
		Company: s.company.ID, APIURL: "http://127.0.0.1/api", LoginURL: "http://127.0.0.1/login",
		ClientID: sandbox.DefaultClientID, ClientSecret: sandbox.DefaultClientSecret,
		Concurrency: concurrency, MaxAttempts: 3, Transport: w, Jitter: func() float64 { return 0.5 },
	})
	if err != nil {
		return nil, err
	}
	led, err := ledger.Open(s.dir)
	if err != nil {
		return nil, err
	}
	return &job.Job{
		Procore: client, Company: s.company.ID, Host: client.Host(),
		LoadRoster:  s.loadRoster,
		LoadRoleMap: s.loadRoleMap,
		Policy:      s.policy,
		Ledger:      led,
		Concurrency: concurrency, MaxAttempts: 3,
		RunID: func(time.Time) string { return runID },
		By:    "simulation", Machine: "here", PID: 1,
	}, nil
}

func (s *simulation) loadRoster(ctx context.Context) (*hrsource.Roster, error) {
	return hrsource.LoadCSV(ctx, hrsource.CSVConfig{Path: "-", Stdin: strings.NewReader(s.hrCSV())})
}

func (s *simulation) loadRoleMap(context.Context) (*sync.RoleMap, error) {
	var rows []hrsource.RoleRow
	for i, r := range s.rules {
		rows = append(rows, hrsource.RoleRow{
			Template: r.template, Group: r.group, Team: r.team, Role: r.role,
			At: hrsource.Position{Source: "role-map.csv", Line: i + 2},
		})
	}
	return sync.NewRoleMap(rows, "role-map.csv", "the only one")
}

// readTree holds all files below dir in memory.
func readTree(dir string) map[string][]byte {
	files := map[string][]byte{}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // a file that vanished while looking was a temporary one
		}
		if data, err := os.ReadFile(path); err == nil {
			files[path] = data
		}
		return nil
	})
	return files
}

// writeTree makes dir hold exactly files.
func writeTree(dir string, files map[string][]byte) {
	for path := range readTree(dir) {
		if _, ok := files[path]; !ok {
			_ = os.Remove(path)
		}
	}
	for path, data := range files {
		_ = os.WriteFile(path, data, 0o600)
	}
}
