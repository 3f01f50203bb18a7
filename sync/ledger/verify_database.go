package ledger

import (
	"fmt"
	"maps"
	"slices"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// goneFromHere finds the links of this folder's chain that only the database still has.
func (v *verification) goneFromHere(inChain map[string]bool) {
	mine := map[string]bool{}
	for _, link := range v.chain.links {
		mine[link.ChainID] = true
	}
	for _, place := range slices.SortedFunc(maps.Keys(v.stored), func(a, b linkPlace) int { return a.Number - b.Number }) {
		m, err := decodeManifest([]byte(v.stored[place]))
		if !mine[place.ChainID] || err != nil || inChain[m.RunID] {
			continue
		}
		if _, waiting := v.folder.readManifest(m.RunID); waiting != nil && v.chain.follows(waiting) {
			continue // its line is still to be added
		}
		v.add(report.VerifiedRun{
			RunID: m.RunID, Company: v.company, State: report.Disproved, Number: place.Number, Evidence: digestOf([]byte(v.stored[place])),
			Findings: []string{fmt.Sprintf("the run is missing: the ledger database has it as link %d of the chain, the folder does not", place.Number)},
		})
	}
}

// elsewhere adds the runs that the database has and of which this folder has no trace, oldest first. Several folders
// may share a database, so that is not a finding, unless nothing at all is left here: everything may have been deleted
// then, and is reported as such.
func (v *verification) elsewhere() {
	here := map[string]bool{}
	for _, run := range v.runs {
		here[run.RunID] = true
	}
	if missing := len(v.known); missing > 0 && len(here) == 0 {
		v.findings = append(v.findings, fmt.Sprintf("the ledger database has %s of company %s, and this folder has none: they were deleted, or "+
			"LEDGER_DIR is not where they are", sync.Several(missing, "run"), v.company))
	}
	for _, id := range slices.Sorted(maps.Keys(v.known)) {
		if !here[id] {
			v.runs = append(v.runs, report.VerifiedRun{RunID: id, Company: v.company, State: report.Elsewhere, Evidence: v.known[id]})
		}
	}
}
