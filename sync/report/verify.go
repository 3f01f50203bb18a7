package report

import (
	"fmt"
	"io"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// EvidenceState is the result of checking a run's evidence.
type EvidenceState string

// The states of a run's evidence.
const (
	Verified     EvidenceState = "verified"    // everything is as it was written
	Disproved    EvidenceState = "altered"     // something was altered, was added or is missing
	DeletedByAge EvidenceState = "deleted"     // by a later run, after LEDGER_KEEP_DAYS; its manifest is left
	StillOpen    EvidenceState = "open"        // it is in progress, or is still to be closed by the next apply
	NoEvidence   EvidenceState = "no manifest" // it was made by a version that wrote none
	Elsewhere    EvidenceState = "elsewhere"   // the ledger database has it; its files are in another folder, if anywhere
)

// VerifiedRun is one run, and what is wrong with its evidence.
type VerifiedRun struct {
	RunID    string            `json:"run_id"`
	Company  procore.CompanyID `json:"company_id"`
	State    EvidenceState     `json:"state"`
	Evidence string            `json:"evidence,omitempty"` // sha256, hex, of its manifest
	Number   int               `json:"number,omitempty"`   // its place in the chain; 0 if it is not a link
	Previous string            `json:"previous,omitempty"` // the run before it in the chain
	Files    int               `json:"files,omitempty"`    // that its manifest names
	Findings []string          `json:"findings,omitempty"`
}

// Verification is the result of checking the evidence of runs.
type Verification struct {
	Runs []VerifiedRun `json:"runs"` // by company, those of the chain first and in its order
	// Findings are about the chains themselves.
	Findings []string `json:"findings,omitempty"`
}

// Disproved returns the number of runs, and of chains, in which something was altered or is missing.
func (v Verification) Disproved() (runs, chains int) {
	for _, r := range v.Runs {
		if r.State == Disproved {
			runs++
		}
	}
	return runs, len(v.Findings)
}

// OK reports whether nothing was altered and nothing is missing.
func (v Verification) OK() bool {
	runs, chains := v.Disproved()
	return runs+chains == 0
}

// InShort sums up the verification in one line, without personal data.
func (v Verification) InShort() string {
	counts := map[EvidenceState]int{}
	for _, r := range v.Runs {
		counts[r.State]++
	}
	runs, chains := v.Disproved()
	var parts []string
	if runs > 0 {
		parts = append(parts, sync.Several(runs, "run")+" altered or missing")
	}
	if chains > 0 {
		parts = append(parts, "the chain is damaged or missing")
	}
	parts = append(parts, sync.Several(counts[Verified], "run")+" verified")
	for _, also := range []struct {
		state EvidenceState
		what  string
	}{
		{DeletedByAge, "deleted after LEDGER_KEEP_DAYS"},
		{StillOpen, "not closed yet"},
		{NoEvidence, "of an earlier version, without a manifest"},
		{Elsewhere, "in the ledger database alone: verify them in the folder where they were made"},
	} {
		if n := counts[also.state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, also.what))
		}
	}
	return strings.Join(parts, ", ")
}

// VerificationText writes what was found, one line each, and a summary. A single run is described even if nothing is
// wrong with it.
func VerificationText(w io.Writer, v Verification, single bool) error {
	var b strings.Builder
	for _, finding := range v.Findings {
		fmt.Fprintf(&b, "chain: %s\n", Clean(finding))
	}
	for _, r := range v.Runs {
		for _, finding := range r.Findings {
			fmt.Fprintf(&b, "%s: %s\n", r.RunID, Clean(finding))
		}
		if single && len(r.Findings) == 0 {
			fmt.Fprintf(&b, "%s: %s\n", r.RunID, r.describe())
		}
	}
	fmt.Fprintf(&b, "%s\n", sentence(v.InShort()))
	_, err := io.WriteString(w, b.String())
	return err
}

func (r VerifiedRun) describe() string {
	switch r.State {
	case StillOpen:
		return "it is going on, or is yet to be closed by the next apply"
	case NoEvidence:
		return "an earlier version made it, without a manifest"
	case DeletedByAge:
		return fmt.Sprintf("deleted after LEDGER_KEEP_DAYS; its manifest is left, evidence %s", r.Evidence[:sync.EvidenceDigits])
	}
	text := fmt.Sprintf("%s as written, evidence %s", sync.Several(r.Files, "file"), r.Evidence[:sync.EvidenceDigits])
	switch {
	case r.Number == 0:
		return text + "; a dry run is not a link of the chain"
	case r.Previous == "":
		return text + "; the first link of its chain"
	default:
		return fmt.Sprintf("%s; link %d of its chain, after run %s", text, r.Number, r.Previous)
	}
}
