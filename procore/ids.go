package procore

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// Procore's ids are 64-bit numbers. REST v1 sends them as JSON numbers, v2 as strings. Here each kind is a string type
// of its own, so that none is ever truncated, rounded or mistaken for another.
type (
	// CompanyID is the id of a Procore company.
	CompanyID string
	// ProjectID is the id of a project; empty means the company itself, for company-level tools.
	ProjectID string
	// TemplateID is the id of a workflow template.
	TemplateID string
	// VersionID is the id of one version of a template.
	VersionID string
	// PresetID is the id of a preset.
	PresetID string
	// LoginID is the id of a person. A directory user's id is the same number as the workflow login's.
	LoginID string
	// InstanceID is the id of a running workflow.
	InstanceID string
	// ItemID is the id of what a workflow is about, such as a contract.
	ItemID string
	// StepOccurrenceID is the id of one pass of a running workflow through a step.
	StepOccurrenceID string
	// ResponseOptionID is the id of one answer that a step offers.
	ResponseOptionID string
	// GroupUUID names a responsible group within a template version.
	GroupUUID string
)

// UnmarshalJSON accepts a number or a string.
func (id *CompanyID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *ProjectID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *TemplateID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *VersionID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *PresetID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *LoginID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *InstanceID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *ItemID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *StepOccurrenceID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// UnmarshalJSON accepts a number or a string.
func (id *ResponseOptionID) UnmarshalJSON(b []byte) error { return decodeID(b, (*string)(id)) }

// CompareIDs orders ids numerically: 7 before 10.
func CompareIDs[T ~string](a, b T) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(string(a), string(b)))
}

// decodeID decodes an id that is a JSON number, a JSON string, or null (empty).
func decodeID(b []byte, into *string) error {
	switch text, plain := plainText(b); {
	case plain:
		*into = text
		return nil
	case len(b) > 0 && b[0] == '"':
		return json.Unmarshal(b, into)
	}
	if text := string(b); isID(text) {
		*into = text
		return nil
	}
	return errors.New("an id that is neither text nor a whole number")
}

// plainText decodes null, as empty, and text without escapes without using a decoder, since nearly all ids are of this
// form.
func plainText(b []byte) (text string, ok bool) {
	if string(b) == "null" {
		return "", true
	}
	if len(b) < 2 || b[0] != '"' || bytes.IndexByte(b, '\\') >= 0 || !utf8.Valid(b) {
		return "", false
	}
	return string(b[1 : len(b)-1]), true
}

// isID reports whether s is a whole number in plain digits, as every Procore id is.
func isID(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}
