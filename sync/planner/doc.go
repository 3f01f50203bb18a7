// Package planner works out who should be in which group of which preset, and why. It takes a finished roster from HR
// and a finished snapshot of Procore, and returns a plan, or an explanation of what the plan would be.
//
// It is pure: the same input gives the same plan, byte for byte, in whatever order the input comes, and nothing is read
// while planning. An HR row passes through it like this: readPeople collects everybody Procore knows, readRoster looks
// the row up among them, readGroups works out which groups its team and role fill, decide settles for each preset who
// stays, is added, is removed or is kept, and the plan, its exceptions and the explanations are all written from that
// one decision.
package planner
