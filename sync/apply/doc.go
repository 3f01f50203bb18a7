// Package apply writes a plan to Procore, one whole preset at a time: it reads the preset again, puts its intent into the
// journal, sends the whole list and compares the answer. It also accounts for runs that were killed in the middle, and
// plans the way back from a run that is to be undone.
//
// It promises that no preset is written that moved since the plan was made, none without an intent on disk, none blindly a
// second time, and that no change is told as more than what happened.
package apply
