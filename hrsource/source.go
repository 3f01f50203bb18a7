// Package hrsource loads HR data: a whole roster of who is on which team, from a CSV file or from Postgres, and the role
// map's rows. It knows nothing of Procore.
//
// It promises that a roster is complete: a source that cannot be read for certain to its end is an error, never a shorter
// roster. A row that cannot be accepted is in Roster.Rejected with what could be read of it.
package hrsource

import (
	"context"

	"procore-assignee-sync/hrsource/csvtable"
)

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

// SourceError is why HR data or a role map is refused as a whole: which file or table, where in it, what is wrong and
// what to do. Rows that are wrong one by one are no SourceError: they are the roster's Rejected.
type SourceError = csvtable.Error
