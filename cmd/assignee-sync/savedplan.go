package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"procore-assignee-sync/sync"
)

// maxPlanFile bounds what is read of a saved plan.
const maxPlanFile = 1 << 30

// canSave refuses --out where no file can come to be, before anything is read.
func canSave(path string) error {
	if path == "" {
		return nil
	}
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return usagef("--out is %q, but there is no folder %s", path, folder)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return usagef("--out is %q, which is no file", path)
	}
	return nil
}

// savePlan writes the plan of a run to a file, whole or not at all. It names people, so it is the user's alone.
func savePlan(path string, rec sync.Record) error {
	encoded, err := sync.EncodePlanFile(sync.PlanFile{RunID: rec.Run.ID, CreatedAt: rec.Run.StartedAt, Plan: rec.Plan})
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".plan-*")
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	_, err = f.Write(encoded)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("save the plan: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// loadPlan reads a saved plan. One that is not there or not whole is no configuration to start with.
func loadPlan(path string) (*sync.PlanFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &codedError{sync.ExitConfig, fmt.Errorf("the saved plan: %w", err)}
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxPlanFile))
	if err != nil {
		return nil, &codedError{sync.ExitConfig, fmt.Errorf("the saved plan: %w", err)}
	}
	plan, err := sync.DecodePlanFile(content)
	if err != nil {
		return nil, fmt.Errorf("the saved plan %s: %w", path, err)
	}
	return plan, nil
}
