package hrsource

import "procore-assignee-sync/hrsource/csvtable"

// SourceError is why HR data or a role map is refused as a whole: which file or table, where in it, what is wrong and
// what to do. Rows that are wrong one by one are no SourceError: they are the roster's Rejected.
type SourceError = csvtable.Error
