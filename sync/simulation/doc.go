// Package simulation proves the whole job against what can go wrong in many nights. It holds tests alone.
//
// A seed makes up one world: a company in the simulated Procore, HR data that know some people by other names, a role
// map and a policy. Over a few nights the world has faults on the wire, edits by hand, new versions, workflows that
// begin, move on, are answered, end and lose people, kills between any two requests, damaged memory, stops and second
// runs; then come clean nights until nothing changes any more. One oracle, which works out the rules a second time and
// naively, judges each write as it goes out and each night as it ends. A seed that breaks an invariant prints the
// command that replays it.
//
// The invariants, by what of the documents they hold, each with the functions that check it.
//
// README.md, "What each safety rule protects against", and docs/decisions.md:
//
//   - a group that is not managed leaves as it came, in its place (checkSent, checkWrite)
//   - nothing is sent as it is; sent are the groups, all of them, alone (checkPatch, checkSent)
//   - nobody is removed for what could not be read or matched (checkSent: mustStay; checkTold)
//   - nothing is written that a gate refuses or nobody approved (checkPatch, checkGates)
//   - each write follows a fresh reading; what moved is not written (checkPatch, checkUnmoved)
//   - the first write goes alone and is checked; harm stops the run (checkFirst, checkPatch)
//   - the journal on disk announces each write, with the preset as read (checkAnnounced)
//   - clean nights come to rest: the second changes nothing (comeToRest, checkEmptied, checkFilled)
//   - nobody comes to sit in two groups that are kept apart, whoever moved meanwhile; who sits in both is told, and nobody
//     else is left out or sent away for it (checkSent: comeToBoth, checkPlannedApart, checkKeptOut, checkInBoth)
//   - a rollback puts back everybody who can come back, and leaves out nobody else (mayChange, checkUndone)
//   - written are memberships, invitations and answers, and no preset after an invitation (checkOthers)
//
// README.md, "HR data" and "Exit codes", and docs/administrator.md, "Exceptions" and "Gates":
//
//   - nobody leaves a group whose team has no row, or none for the project (losesNobody)
//   - identity, protected logins, managed domains (means, open, mustStay)
//   - holds and gates, counted naively (mustHold, checkGates)
//   - exit codes; a second run is refused the lock (checkExit, checkRefused)
//
// docs/auditor.md:
//
//   - every planned change is accounted for once, as what happened (checkAccounts, checkClosed, checkStored)
//   - a killed run is closed by the next one, and what it says is true (checkClosed)
//   - what nobody touched is verified, whatever was killed (checkEvidence)
//
// docs/running.md:
//
//   - nobody is invited who is neither a successor nor named, nor twice, nor for somebody whom no run removed there, nor
//     without a fresh reading and a journal on disk that says so (checkInvite, checkInvited, checkHandovers)
//   - nothing is answered but what was decided, on the step as just read, and what is said of it is so (checkAnswer,
//     checkResponses)
//   - what running.csv says is true, of closed runs too (checkWaiting); who waits is told of (checkLooked, checkAllLooked)
//
// docs/decisions.md, "Memory is a hint":
//
//   - what is written was read in the same run, whatever is remembered (checkReading)
//   - what the last run wrote is read by the next, whatever is remembered (checkReread)
//   - SYNC_READ_DAYS nights after the last edit, deletion, new version or forgery all is as if everything had been read: in
//     Procore, in the plan, and in what is told (checkRemembering: checkSameAs, saidBy)
//   - every edit is corrected or told within SYNC_READ_DAYS nights (comeToRest, checkEmptied, checkFilled)
package simulation
