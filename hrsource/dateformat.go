package hrsource

import "errors"

// DateFormat is how HR writes a date. The zero DateFormat is ISO 8601.
type DateFormat struct{ pattern string }

// ParseDateFormat reads HR_DATE_FORMAT.
func ParseDateFormat(s string) (DateFormat, error) { return DateFormat{}, errors.ErrUnsupported }
