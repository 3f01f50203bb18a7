package csvtable

// Bounds on what is read. A larger file is refused, with a message that says so.
const (
	MaxRecordBytes = 1 << 20   // one record, including quoted newlines, as UTF-8
	MaxFileBytes   = 1 << 30   // the whole file as stored
	MaxRows        = 2_000_000 // rows below the header
)

// The values of Options.Encoding. Empty stands for UTF-8, or UTF-16 if a byte-order mark says so.
const (
	UTF8        = "utf-8"
	UTF16       = "utf-16" // its byte-order mark says which
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Windows1252 = "windows-1252"
)

// Options say which columns a table has, and how it is written.
type Options struct {
	Columns  []string          // canonical names of the wanted columns; the cells of a Row are in this order
	Required [][]string        // of each of these sets, the header must have at least one column
	Rename   map[string]string // canonical name → the name in this file's header
	Ignore   []string          // headers that are ignored, whatever their names

	Delimiter  rune   // comma, semicolon, tab or pipe; 0 means to detect it from the header
	Encoding   string // one of the encodings above, or empty
	AllowEmpty bool   // whether a header without rows is accepted
	Comments   bool   // whether lines that begin with # and a space are skipped

	Settings Settings
}

// Settings names the settings with which a person can correct how a file is read, for the hints in errors. An empty
// name means that there is none.
type Settings struct {
	Path, Columns, Delimiter, Encoding string
}
