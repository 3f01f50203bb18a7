// Package sync holds the words of the job, as values: what was read of Procore, the plan with its changes, exceptions and
// gates, the digest that is approved, the saved plan, and what a run leaves behind. Package planner makes a plan of them,
// snapshot reads, apply writes.
//
// All of it is pure: no network, no disk, no log, no goroutine.
package sync
