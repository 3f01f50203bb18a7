// Package hrsource loads HR data: a whole roster of who is on which team, from a CSV file or from Postgres, and the role
// map's rows. It knows nothing of Procore.
//
// It promises that a roster is complete: a source that cannot be read for certain to its end is an error, never a shorter
// roster. A row that cannot be accepted is in Roster.Rejected with what could be read of it.
package hrsource
