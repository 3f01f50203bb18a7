package hrsource

import "errors"

// ParseStatusValues reads HR_STATUS_VALUES.
func ParseStatusValues(s string) (map[string]Status, error) { return nil, errors.ErrUnsupported }

// ParseColumns reads HR_CSV_COLUMNS.
func ParseColumns(s string) (map[string]string, error) { return nil, errors.ErrUnsupported }

// ParseDelimiter reads HR_CSV_DELIMITER.
func ParseDelimiter(s string) (rune, error) { return 0, errors.ErrUnsupported }

// ParseEncoding reads HR_CSV_ENCODING.
func ParseEncoding(s string) (string, error) { return "", errors.ErrUnsupported }
