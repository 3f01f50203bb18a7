package settings

import (
	"log/slog"
	"slices"

	"procore-assignee-sync/redact"
)

// Secret is a value that is, or may contain, a secret. It is always printed as "(secret)"; only Reveal returns it.
type Secret string

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// String hides the value from fmt.
func (s Secret) String() string { return redact.Mark }

// GoString hides the value from %#v.
func (s Secret) GoString() string { return redact.Mark }

// MarshalText hides the value from JSON and other encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redact.Mark), nil }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redact.Mark) }

// secrets returns everything that must not be shown: the secrets themselves, and the secret parts of them.
func (t texts) secrets() []string {
	return slices.Concat(
		[]string{t.ClientSecret.Reveal(), t.ClientID.Reveal()},
		redact.DatabaseURL(t.HRDatabaseURL.Reveal()),
		redact.DatabaseURL(t.LedgerDatabaseURL.Reveal()),
		redact.ServiceURL(t.NotifyURL.Reveal()),
	)
}
