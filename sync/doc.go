// Package sync is the heart of assignee-sync: the words of the job, and the planner. It takes a finished roster from HR
// and a finished snapshot of Procore, works out who should be in which group of which preset, and judges the result
// against limits.
//
// All of it is a pure function of finished values: the same roster and snapshot give the same plan, byte for byte, and a
// partial read can never turn into a removal. Reading is package snapshot's, writing package apply's.
package sync
