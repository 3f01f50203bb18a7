package ledger

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"procore-assignee-sync/sync"
)

// maxPlanFile bounds what is read of a saved plan.
const maxPlanFile = 1 << 30

// SavePlan writes the plan of a run to a file, whole or not at all. It names people, so it is the user's alone.
func SavePlan(path string, rec sync.Record) error {
	file := sync.PlanFile{RunID: rec.Run.ID, CreatedAt: rec.Run.StartedAt, Plan: rec.Plan}
	err := writeWhole(filepath.Dir(path), filepath.Base(path), func(w io.Writer) error { return sync.WritePlanFile(w, file) })
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	return nil
}

// LoadPlan reads a saved plan. One that is damaged is a *sync.PlanFileError.
func LoadPlan(path string) (*sync.PlanFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the saved plan: %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxPlanFile))
	if err != nil {
		return nil, fmt.Errorf("the saved plan: %w", err)
	}
	plan, err := sync.DecodePlanFile(content)
	if err != nil {
		return nil, fmt.Errorf("the saved plan %s: %w", path, err)
	}
	return plan, nil
}
