// Package simulation proves the whole job against what can go wrong in many nights. It holds tests alone.
//
// A seed makes up one world: a company in the simulated Procore, HR data that know some people by other names, a role
// map and a policy. Over a few nights the world has faults on the wire, edits by hand, new versions, workflows that
// begin, move on, are answered, end and lose people, kills between any two requests, damaged memory, stops and second
// runs; then come clean nights until nothing changes any more. One oracle, which reads the design's rules a second time
// and naively, judges each write as it goes out and each night as it ends. A seed that breaks an invariant prints the
// command that replays it.
//
// The invariants, with the section of the design that they hold:
//
//	§3.1  a group that is not managed leaves as it came, in its place          (checkSent, checkWrite)
//	§3.2  nothing is sent as it is; sent are the groups, all of them, alone    (checkPatch, checkSent)
//	§3.3  nobody is removed for what could not be read or matched              (checkSent: mustStay; checkTold)
//	§3.4  nothing is written that a gate refuses or nobody approved            (checkPatch, checkGates)
//	§3.5  each write follows a fresh reading; what moved is not written        (checkPatch, checkUnmoved)
//	§3.6  the first write goes alone and is checked; harm stops the run        (checkFirst, checkPatch)
//	§3.7  the journal on disk announces each write, with the preset as read    (checkAnnounced)
//	§3.8  clean nights come to rest: the second changes nothing                (comeToRest, checkEmptied, checkFilled)
//	§3.9  every planned change is accounted for once, as what happened         (checkAccounts, checkClosed, checkStored)
//	§5    nobody leaves a group whose team has no row, or none for the project (losesNobody)
//	§6    identity, protected logins, managed domains                          (means, open, mustStay)
//	§7    holds and gates, counted naively                                     (mustHold, checkGates)
//	§7    nobody comes to sit in two groups that are kept apart, whoever moved meanwhile; who sits in both is told, and
//	      nobody else is left out or sent away for it (checkSent: comeToBoth, checkPlannedApart, checkKeptOut, checkInBoth)
//	§8    exit codes; a second run is refused the lock                         (checkExit, checkRefused)
//	§8    a rollback puts back everybody who can come back, and leaves out nobody else (mayChange, checkUndone)
//	§10   a killed run is closed by the next one, and what it says is true     (checkClosed)
//	§10   what nobody touched is verified, whatever was killed                 (checkEvidence)
//	§12   nobody is invited who is neither a successor nor named, nor twice, nor for somebody whom no run removed there,
//	      nor without a fresh reading and a journal on disk that says so (checkInvite, checkInvited, checkHandovers)
//	§12   nothing is answered but what was decided, on the step as just read, and what is said of it is so (checkAnswer,
//	      checkResponses)
//	§12   written are memberships, invitations and answers, and no preset after an invitation (checkOthers)
//	§12   what running.csv says is true, of closed runs too (checkWaiting); who waits is told of (checkLooked, checkAllLooked)
//	§13   what is written was read in the same run, whatever is remembered     (checkReading)
//	§13   what the last run wrote is read by the next, whatever is remembered  (checkReread)
//	§13   SYNC_READ_DAYS nights after the last edit, deletion, new version or forgery all is as if everything had been read:
//	      in Procore, in the plan, and in what is told                        (checkRemembering: checkSameAs, saidBy)
//	§13   every edit is corrected or told within SYNC_READ_DAYS nights         (comeToRest, checkEmptied, checkFilled)
package simulation
