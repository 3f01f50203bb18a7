// Package simulation tests the whole job against everything that can go wrong over many nights. It contains only tests.
//
// A seed makes up one world: a company in the simulated Procore, HR data that has other names for some people, a role
// map and a policy. For a few nights the world has faults on the wire, edits by hand, new versions, workflows that
// begin, move on, are answered, end and lose people, kills between any two requests, damaged memory, stops and second
// runs. Then come clean nights until nothing changes any more. One oracle, which works out the rules a second time and
// naively, judges each write as it goes out and each night as it ends. A seed that breaks an invariant prints the
// command that replays it.
//
// These are the invariants, by the document that states them, each with the functions that check it.
//
// README.md, "What each safety rule protects against", and docs/decisions.md:
//
//   - a group that is not managed is sent back as it was read, in its place (checkSent, checkWrite)
//   - a preset without a difference is not sent; otherwise all groups are sent, and nothing else (checkPatch, checkSent)
//   - nobody is removed because of what could not be read or matched (checkSent: mustStay; checkTold)
//   - nothing is written that a gate refused and nobody approved (checkPatch, checkGates)
//   - each write follows a fresh reading; what has moved is not written (checkPatch, checkUnmoved)
//   - the first write goes alone and is checked; unintended effects stop the run (checkFirst, checkPatch)
//   - the journal on disk announces each write, with the preset as read (checkAnnounced)
//   - clean nights come to rest: the second one changes nothing (comeToRest, checkEmptied, checkFilled)
//   - nobody is put into both of two groups that are kept apart, whatever has moved in the meantime; people in both are
//     reported, and nobody else is left out or removed because of it (checkSent: comeToBoth, checkPlannedApart,
//     checkKeptOut, checkInBoth)
//   - a rollback puts back everybody who can come back, and leaves out nobody else (mayChange, checkUndone)
//   - only memberships, invitations and answers are written, and no preset after an invitation (checkOthers)
//
// README.md, "HR data" and "Exit codes", and docs/administrator.md, "Exceptions" and "Gates":
//
//   - nobody is removed from a group whose team has no row, or none for the project (losesNobody)
//   - identity, protected logins, managed domains (means, open, mustStay)
//   - holds and gates, counted naively (mustHold, checkGates)
//   - exit codes; a second run is refused the lock (checkExit, checkRefused)
//
// docs/auditor.md:
//
//   - every planned change is accounted for once, truthfully (checkAccounts, checkClosed, checkStored)
//   - a killed run is closed by the next one, and its record is true (checkClosed)
//   - a record that nobody has touched verifies, whatever was killed (checkEvidence)
//
// docs/running.md:
//
//   - only successors and named people are invited, once, in place of somebody whom a run removed there, and after a fresh
//     reading and an intent on disk (checkInvite, checkInvited, checkHandovers)
//   - only what was decided is answered, on the step as just read, and reported truthfully (checkAnswer, checkResponses)
//   - running.csv is true, even for closed runs (checkWaiting); people who are waited for are reported (checkLooked,
//     checkAllLooked)
//
// docs/decisions.md, "Memory is a hint":
//
//   - whatever is written was read in the same run, no matter what is remembered (checkReading)
//   - whatever the last run wrote is read by the next, no matter what is remembered (checkReread)
//   - SYNC_READ_DAYS nights after the last edit, deletion, new version or forgery, Procore, plan and reports are as if
//     everything had been read (checkRemembering: checkSameAs, saidBy)
//   - every edit is corrected or reported within SYNC_READ_DAYS nights (comeToRest, checkEmptied, checkFilled)
package simulation
