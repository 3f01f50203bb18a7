// Package sync holds the words of the job, as values: what was read from Procore, the plan with its changes, exceptions
// and gates, the digest that is approved, the saved plan, and what a run leaves behind. Package planner makes a plan,
// snapshot reads, apply writes.
//
// The package is pure: no network, no disk, no log, no goroutines.
package sync
