package procore

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// rowsV1 reads a bare list.
func rowsV1[T any](a answer) ([]T, error) {
	var rows []T
	if err := json.Unmarshal(a.body, &rows); err != nil {
		return nil, fmt.Errorf("expected a list: %w", err)
	}
	return rows, nil
}

// rowsV2 reads a list wrapped in "data".
func rowsV2[T any](a answer) ([]T, error) {
	return dataOf[[]T](a)
}

// rowsAny reads a list, bare or wrapped in "data".
func rowsAny[T any](a answer) ([]T, error) {
	if strings.HasPrefix(strings.TrimSpace(string(a.body)), "[") {
		return rowsV1[T](a)
	}
	return rowsV2[T](a)
}

// unwrapped gives what an answer wraps in "data", or, where there is no such field, the answer itself.
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

// dataOf reads what v2 answers wrap in "data".
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
