package hrsource

import (
	"context"
	"errors"
	"io"
)

// CSVConfig says which file to load and how to read it.
type CSVConfig struct {
	Path      string            // "-" is standard input
	Stdin     io.Reader         // what "-" reads
	Columns   map[string]string // canonical column → header in the file, from ParseColumns
	Delimiter rune              // 0: found from the header
	Encoding  string            // from ParseEncoding
	Format    RowFormat
}

// LoadCSV reads a whole HR file.
func LoadCSV(ctx context.Context, cfg CSVConfig) (*Roster, error) { return nil, errors.ErrUnsupported }

// LoadRoleMapCSV reads a role map file.
func LoadRoleMapCSV(path string) (rows []RoleRow, fingerprint string, err error) {
	return nil, "", errors.ErrUnsupported
}
