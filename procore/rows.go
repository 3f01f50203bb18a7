package procore

import (
	"encoding/json"
	"errors"
	"fmt"
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
