// Package apply writes a plan to Procore, one whole preset at a time: it reads the preset again, writes its intent to
// the journal, sends the whole list and compares the answer. It also works out what became of runs that were killed,
// and plans the rollback of a run.
//
// It promises that it writes no preset that has moved since the plan was made, none without an intent on disk, and none
// a second time without looking first; and that it never reports more than what happened.
package apply
