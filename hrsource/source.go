// Package hrsource loads HR data: a whole roster of who is on which team, from a CSV file or from Postgres, and the
// role map's rows. It knows nothing about Procore.
//
// It promises that a roster is complete: if a source can't be read to its end with certainty, that is an error, never a
// shorter roster. A row that can't be accepted is in Roster.Rejected, with what could be read of it.
package hrsource

import (
	"context"

	"procore-assignee-sync/hrsource/csvtable"
)

// Source is where HR data comes from. [CSV] and [Postgres] are sources. A further one is a type that passes its rows to
// an [Intake], which judges them like those of the others.
type Source interface {
	// Load reads all rows at once, or none. If the source can't be read with certainty it returns an error, which is a
	// [*SourceError] if it is known what a person can do about it. Rows that can't be accepted are not an error; they
	// are in the roster's Rejected.
	Load(ctx context.Context) (*Roster, error)
}

// SourceFunc is a function that implements Source.
type SourceFunc func(ctx context.Context) (*Roster, error)

// Load calls the function.
func (f SourceFunc) Load(ctx context.Context) (*Roster, error) { return f(ctx) }

// SourceError says why HR data or a role map is refused as a whole: which file or table, where in it, what is wrong and
// what to do. Single bad rows are not a SourceError; they are in the roster's Rejected.
type SourceError = csvtable.Error
