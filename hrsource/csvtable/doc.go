// Package csvtable reads CSV as other people's report writers leave it, and refuses what can't be read with certainty.
//
// It decodes (UTF-8 with or without a byte-order mark, UTF-16 with one, Windows-1252 when told), finds the delimiter,
// checks the header, keeps the true line of every row, and stops with an [Error] at the first thing that makes the file
// as a whole doubtful: a missing or doubled column, a ragged row, an unterminated quote, bytes that can't be decoded, a
// file that changed while it was read. Blank lines are skipped, and so are rows of empty cells.
//
// Memory does not grow with the file: one record is held at a time, and the size of a record, the size of a file and
// the number of rows are bounded ([MaxRecordBytes], [MaxFileBytes], [MaxRows]).
//
// gocsv binds the rows to structs ([Rows]). It sees only records that have been checked, under the canonical names of
// the wanted columns, so none of its package-wide switches has to be set.
package csvtable
