package sync

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// PlanFileError is a saved plan that can't be trusted.
type PlanFileError struct{ What string }

func (e *PlanFileError) Error() string { return e.What }

// ExitCode is what the command ends with.
func (e *PlanFileError) ExitCode() int { return ExitConfig }

// EncodePlanFile gives plan.json: one line of JSON, with its schema and checksum filled in.
func EncodePlanFile(f PlanFile) ([]byte, error) {
	f.Schema, f.Checksum = PlanSchema, ""
	unsigned, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("write the plan as JSON: %w", err)
	}
	sum := sha256.Sum256(unsigned)
	// The checksum is the last field, so it is put into its place without writing all of a large plan a second time.
	body, ok := bytes.CutSuffix(unsigned, []byte(`"}`))
	if !ok {
		return nil, errors.New("write the plan as JSON: the checksum is not its last field")
	}
	return append(hex.AppendEncode(body, sum[:]), "\"}\n"...), nil
}

// DecodePlanFile reads plan.json. One that is damaged, edited, cut short or of another schema is a *PlanFileError:
// since the file is written in one way only, every byte of it must be as EncodePlanFile would write it.
func DecodePlanFile(b []byte) (*PlanFile, error) {
	var head struct {
		Schema *int `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, &PlanFileError{fmt.Sprintf("the saved plan is damaged or cut short: %v; make a new one with plan --out", err)}
	}
	if head.Schema == nil {
		return nil, &PlanFileError{"this is no saved plan: it names no schema; make one with plan --out"}
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
	again, err := EncodePlanFile(*f)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, b) {
		return nil, &PlanFileError{"the saved plan is not as it was written: its checksum does not fit, so it was edited or " +
			"damaged; make a new one with plan --out"}
	}
	return f, nil
}
