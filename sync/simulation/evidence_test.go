package simulation_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/report"
)

// checkEvidence: whatever was killed, what nobody touched is verified; and a run that has come to its own work has given
// every run before it its place in the chain.
func (s *simulation) checkEvidence(last *night) []string {
	led, err := ledger.Open(context.Background(), ledger.Options{Dir: s.dir})
	if err != nil {
		return []string{err.Error()}
	}
	v, err := led.Verify(context.Background(), s.company.ID, "")
	if err != nil {
		return []string{fmt.Sprintf("the evidence can't be verified: %v", err)}
	}
	breaches := v.Findings
	held := map[string]bool{} // the runs that held the lock
	died := map[string]bool{} // dry runs that died between their last line and their manifest, as somebody may delete it
	for _, n := range s.nights {
		held[n.runID] = !n.dry
		died[n.runID] = n.dry && n.killed && n.deathInReports == reportFiles+1
	}
	for _, r := range v.Runs {
		for _, finding := range r.Findings {
			if died[r.RunID] && strings.HasPrefix(finding, "manifest.json is missing") {
				continue
			}
			breaches = append(breaches, fmt.Sprintf("the evidence of run %s: %s", r.RunID, finding))
		}
		if r.State == report.StillOpen && last.wasUnderWay() && !last.killed && held[r.RunID] {
			breaches = append(breaches, fmt.Sprintf("run %s went on without giving run %s its manifest", last.runID, r.RunID))
		}
	}
	return breaches
}

// loseEvidence makes of a run that has ended one that died before its line in the chain was on disk, and perhaps before
// its manifest was.
func (s *simulation) loseEvidence(n *night, manifest bool) {
	path := filepath.Join(s.dir, n.runID, "manifest.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	if !manifest {
		_ = os.Remove(path)
	}
	chains, _ := filepath.Glob(filepath.Join(s.dir, "manifests-*.jsonl"))
	for _, chain := range chains {
		lines, _ := os.ReadFile(chain)
		if rest, was := bytes.CutSuffix(lines, text); was {
			_ = os.WriteFile(chain, rest, 0o600)
		}
	}
}
