package ledger

// DecodeMemory is for the fuzz test.
var DecodeMemory = decodeMemory
