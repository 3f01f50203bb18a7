package hrsource

import "context"

// Source is where HR data comes from. [CSV] and [Postgres] are sources by their configuration; a further one is a type
// that hands its rows to an [Intake], which judges them as it judges those of the others.
type Source interface {
	// Load reads all rows at once, or none: a source that cannot be read for certain is an error, a [*SourceError] where
	// it is known what a person can do about it. Rows that cannot be accepted are no error, but the roster's Rejected.
	Load(ctx context.Context) (*Roster, error)
}

// SourceFunc is a function that is a Source.
type SourceFunc func(ctx context.Context) (*Roster, error)

// Load calls the function.
func (f SourceFunc) Load(ctx context.Context) (*Roster, error) { return f(ctx) }
