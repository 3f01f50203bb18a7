package simulation_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
	"procore-assignee-sync/sync/report"
)

// readTree holds all files below dir in memory.
func readTree(dir string) map[string][]byte {
	files := map[string][]byte{}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // a file that vanished while looking was a temporary one
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
	for path, data := range readTree(dir) {
		if want, ok := files[path]; !ok || bytes.Equal(data, want) {
			delete(files, path)
			if !ok {
				_ = os.Remove(path)
			}
		}
	}
	for path, data := range files {
		_ = os.WriteFile(path, data, 0o600)
	}
}

// journalLine is what the simulation reads of a journal, on its own.
type journalLine struct {
	Step string            `json:"step"`
	Of   string            `json:"of"` // empty: a preset
	Ref  procore.PresetRef `json:"ref"`
}

type journalRead struct {
	intents map[procore.PresetRef][]apply.Intent
	last    journalLine // of the whole lines
}

func (s *simulation) journalPath(runID string) string {
	return filepath.Join(s.dir, runID, "journal.jsonl")
}

// journal reads a run's journal, from text or else from the disk.
func (s *simulation) journal(runID string, text []byte) journalRead {
	if text == nil {
		text, _ = os.ReadFile(s.journalPath(runID)) // without one nothing is announced
	}
	j := journalRead{intents: map[procore.PresetRef][]apply.Intent{}}
	for line := range bytes.Lines(text) {
		var l journalLine
		if !bytes.HasSuffix(line, []byte("\n")) || json.Unmarshal(line, &l) != nil {
			continue
		}
		j.last = l
		var i apply.Intent
		if l.Step == "intent" && l.Of == "" && json.Unmarshal(line, &i) == nil {
			j.intents[l.Ref] = append(j.intents[l.Ref], i)
		}
	}
	return j
}

// planned gives the plan that the run has on disk; nil: none yet.
func (w *wire) planned() *sync.PlanFile {
	if w.n.plan == nil {
		var file sync.PlanFile
		text, err := os.ReadFile(filepath.Join(w.s.dir, w.n.runID, "plan.json"))
		if err == nil && json.Unmarshal(text, &file) == nil {
			w.n.plan = &file
		}
	}
	return w.n.plan
}

// cutLastLine leaves so many of a hundred parts of the last line, and never its end.
func cutLastLine(text []byte, percent int) []byte {
	start := bytes.LastIndexByte(bytes.TrimSuffix(text, []byte("\n")), '\n') + 1
	return text[:start+(len(text)-1-start)*percent/100]
}

// reportFiles is how many files a run writes at its end, the first where it looked for workflows; the last is the summary.
const reportFiles = 7

// deaths are after how many files a run may die at its end: beyond the reports, after the journal's line "finished", and
// after the manifest.
const deaths = reportFiles + 2

// dieInReports makes of a run that has ended one that died when so many of its reports were whole: they are written one
// after the other, the journal's line "finished" after them, then the manifest, and its line in the chain.
func (s *simulation) dieInReports(n *night, whole int) bool {
	journal := s.journalPath(n.runID)
	text, err := os.ReadFile(journal)
	if err != nil || s.journal(n.runID, text).last.Step != "finished" {
		return false
	}
	for i, name := range [reportFiles]string{"running.csv", "changes.csv", "exceptions.csv", "sources.csv", "report.html", "report.xlsx", "summary.json"} {
		if i >= whole && name == "running.csv" {
			s.asPlanned(n)
		} else if i >= whole {
			_ = os.Remove(filepath.Join(s.dir, n.runID, name))
		}
	}
	if whole == 0 && len(n.sent) == 0 && n.tear%2 == 0 {
		tree := readTree(s.dir)
		n.forgetNight(tree)
		writeTree(s.dir, tree)
		s.tally.add("killed before it was remembered what was read")
	}
	s.loseEvidence(n, whole == deaths)
	if whole <= reportFiles {
		_ = os.WriteFile(journal, cutLastLine(text, n.tear), 0o600)
	}
	s.tally.add("killed while the reports were written")
	return true
}

// asPlanned puts running.csv back to what it was before anybody was invited, if it was written then.
func (s *simulation) asPlanned(n *night) {
	path := filepath.Join(s.dir, n.runID, "running.csv")
	if len(s.handoverIntents(n.runID)) == 0 {
		_ = os.Remove(path)
		return
	}
	rec := n.rec
	rec.Waiting = slices.Clone(rec.Waiting)
	for i := range rec.Waiting {
		switch row := &rec.Waiting[i]; row.State {
		case sync.WaitInvited, sync.WaitFailed, sync.WaitConflict, sync.WaitNotAttempted:
			row.State, row.Error, row.HTTPStatus, row.RequestID = sync.WaitPlanned, "", 0, ""
		}
	}
	var text bytes.Buffer
	if report.RunningCSV(&text, rec) == nil {
		_ = os.WriteFile(path, text.Bytes(), 0o600)
	}
}
