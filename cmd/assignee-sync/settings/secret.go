package settings

import "log/slog"

// Secret is a value that is, or may contain, a secret. However it is printed, it says "(secret)"; only Reveal gives it.
type Secret string

const redacted = "(secret)"

// Reveal gives the value, for whoever it is meant for.
func (s Secret) Reveal() string { return string(s) }

// String hides the value from fmt.
func (s Secret) String() string { return redacted }

// GoString hides the value from %#v.
func (s Secret) GoString() string { return redacted }

// MarshalText hides the value from JSON and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
