package procore

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// rowsV1 decodes a bare list.
func rowsV1[T any](a answer) ([]T, error) {
	var rows []T
	if err := json.Unmarshal(a.body, &rows); err != nil {
		return nil, fmt.Errorf("expected a list: %w", err)
	}
	return rows, nil
}

// rowsV2 decodes a list wrapped in "data".
func rowsV2[T any](a answer) ([]T, error) {
	return dataOf[[]T](a)
}

// rowsAny decodes a list, bare or wrapped in "data".
func rowsAny[T any](a answer) ([]T, error) {
	if strings.HasPrefix(strings.TrimSpace(string(a.body)), "[") {
		return rowsV1[T](a)
	}
	return rowsV2[T](a)
}

// unwrapped returns what an answer wraps in "data" or, if it has no such field, the answer itself.
func unwrapped(a answer) (json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(a.body, &fields); err != nil {
		return nil, fmt.Errorf("expected an object: %w", err)
	}
	if data, there := fields["data"]; there {
		return data, nil
	}
	return a.body, nil
}

// dataOf decodes what v2 answers wrap in "data".
func dataOf[T any](a answer) (data T, err error) {
	var wrapped struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(a.body, &wrapped); err != nil {
		return data, fmt.Errorf("expected an object with \"data\": %w", err)
	}
	if wrapped.Data == nil {
		return data, errors.New("it has no \"data\"")
	}
	err = json.Unmarshal(wrapped.Data, &data)
	return data, err
}

// flexText is a text that Procore may send as text, as a number, or as null: employee ids, tool subtypes, project
// numbers. A number keeps its digits as they were sent.
type flexText string

// UnmarshalJSON accepts text, a number, a boolean or null.
func (t *flexText) UnmarshalJSON(b []byte) error {
	switch text, plain := plainText(b); {
	case plain:
		*t = flexText(text)
		return nil
	case len(b) > 0 && b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		return errors.New("expected text or a number, found an object or a list")
	}
	*t = flexText(b)
	return nil
}

// flexTime is a time that may be missing or in an unknown form; it is zero then.
type flexTime struct{ time.Time }

// UnmarshalJSON accepts an RFC 3339 time, and treats anything else as no time.
func (t *flexTime) UnmarshalJSON(b []byte) error {
	var text flexText
	if text.UnmarshalJSON(b) != nil {
		t.Time = time.Time{}
		return nil //nolint:nilerr // a time that can't be read is none, by this type's promise
	}
	parsed, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		parsed = time.Time{}
	}
	t.Time = parsed
	return nil
}

// stated reports whether Procore gives a time at all, in any form.
type stated bool

// UnmarshalJSON treats null, an empty text and false as not stated, and anything else as stated.
func (s *stated) UnmarshalJSON(b []byte) error {
	var text flexText
	*s = text.UnmarshalJSON(b) != nil || text != "" && text != "false"
	return nil
}
