package sync

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// PlanFileError says why a saved plan can't be trusted.
type PlanFileError struct{ What string }

func (e *PlanFileError) Error() string { return e.What }

// ExitCode returns ExitConfig.
func (e *PlanFileError) ExitCode() int { return ExitConfig }

// WritePlanFile writes plan.json: one line of JSON, with its schema and checksum filled in. It writes a large plan
// piece by piece instead of holding its text in memory.
func WritePlanFile(w io.Writer, f PlanFile) error {
	f.Schema, f.Checksum = PlanSchema, ""
	shell := f
	if f.Plan != nil {
		plan := *f.Plan
		plan.Presets, plan.Changes = emptied(plan.Presets), emptied(plan.Changes)
		shell.Plan = &plan
	}
	text, err := json.Marshal(shell)
	if err != nil {
		return fmt.Errorf("write the plan as JSON: %w", err)
	}
	// The checksum is the last field, so that it can be written after the text it covers.
	text, ok := bytes.CutSuffix(text, []byte(`"}`))
	if !ok {
		return errors.New("write the plan as JSON: the checksum is not its last field")
	}
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(sum, w), 1<<16)
	if f.Plan != nil {
		if text, err = fill(out, text, "presets", f.Plan.Presets); err == nil {
			text, err = fill(out, text, "changes", f.Plan.Changes)
		}
		if err != nil {
			return err
		}
	}
	if _, err := out.Write(text); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	sum.Write([]byte(`"}`))
	_, err = fmt.Fprintf(w, "%x\"}\n", sum.Sum(nil))
	return err
}

// emptied returns an empty list, or nil if list is nil.
func emptied[T any](list []T) []T {
	if list == nil {
		return nil
	}
	return []T{}
}

// fill writes JSON up to the empty list of the given name, then the list's entries, and returns the rest of the JSON.
// Nothing inside a string can be mistaken for the name, since quotes are escaped there.
func fill[T any](w io.Writer, text []byte, name string, list []T) (rest []byte, err error) {
	if len(list) == 0 {
		return text, nil
	}
	before, rest, ok := bytes.Cut(text, []byte(`"`+name+`":[]`))
	if !ok {
		return nil, fmt.Errorf("write the plan as JSON: it has no list %s", name)
	}
	if _, err := fmt.Fprintf(w, `%s"%s":`, before, name); err != nil {
		return nil, err
	}
	between := "["
	for i := range list {
		entry, err := json.Marshal(&list[i])
		if err != nil {
			return nil, fmt.Errorf("write the plan as JSON: %w", err)
		}
		if _, err := fmt.Fprintf(w, "%s%s", between, entry); err != nil {
			return nil, err
		}
		between = ","
	}
	return append([]byte("]"), rest...), nil
}

// DecodePlanFile reads plan.json. If it is damaged, edited, cut short or of another schema, the error is a
// *PlanFileError: there is only one way to write the file, so every byte must be as WritePlanFile would write it.
func DecodePlanFile(b []byte) (*PlanFile, error) {
	var head struct {
		Schema *int `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, &PlanFileError{fmt.Sprintf("the saved plan is damaged or cut short: %v; make a new one with plan --out", err)}
	}
	if head.Schema == nil {
		return nil, &PlanFileError{"this is not a saved plan: it names no schema; make one with plan --out"}
	}
	if *head.Schema != PlanSchema {
		return nil, &PlanFileError{fmt.Sprintf("the saved plan has schema %d, this version of assignee-sync reads %d: "+
			"make a new one with plan --out", *head.Schema, PlanSchema)}
	}
	f := &PlanFile{}
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(f); err != nil {
		return nil, &PlanFileError{fmt.Sprintf("the saved plan is damaged: %v; make a new one with plan --out", err)}
	}
	if f.Plan == nil {
		return nil, &PlanFileError{"the saved plan holds no plan: make a new one with plan --out"}
	}
	same := &sameText{left: b}
	if err := WritePlanFile(same, *f); err != nil || len(same.left) > 0 {
		return nil, &PlanFileError{"the saved plan is not as it was written: its checksum does not fit, so it was edited or " +
			"damaged; make a new one with plan --out"}
	}
	return f, nil
}

// sameText is a writer that accepts only the given text.
type sameText struct{ left []byte }

var errOtherText = errors.New("it is another text")

func (s *sameText) Write(p []byte) (int, error) {
	left, ok := bytes.CutPrefix(s.left, p)
	if !ok {
		return 0, errOtherText
	}
	s.left = left
	return len(p), nil
}
