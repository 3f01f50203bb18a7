package csvtable

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"time"
)

// source is the file as stored. It counts what is read and computes its checksum.
type source struct {
	in   io.Reader
	size int64
	sum  hash.Hash
}

func newSource(in io.Reader) *source { return &source{in: in, sum: sha256.New()} }

func (s *source) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	s.size += int64(n)
	_, _ = s.sum.Write(p[:n]) // writing to a hash never fails
	if s.size > MaxFileBytes {
		return n, &fault{what: "it is larger than 1 GiB", hint: "export only the people and columns that are needed"}
	}
	return n, err
}

func (s *source) fingerprint() string { return hex.EncodeToString(s.sum.Sum(nil)) }

// file is an open file, and its state when it was opened.
type file struct {
	*os.File
	before fs.FileInfo
}

// openFile opens a regular file, or something that can be read like one (a pipe).
func openFile(path string) (*file, *fault) {
	f, err := os.Open(path) // the path comes from the operator's own settings
	if err != nil {
		return nil, &fault{what: "cannot be opened", err: withoutPath(err), hint: "check the path"}
	}
	before, err := f.Stat()
	if err == nil && before.IsDir() {
		err = errors.New("it is a folder")
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, &fault{what: "cannot be read", err: withoutPath(err), hint: "check the path"}
	}
	return &file{f, before}, nil
}

// unchanged returns a fault if the file has changed since it was opened, or if more or less than the whole of it was
// read.
func (f *file) unchanged(read int64) *fault {
	if !f.before.Mode().IsRegular() {
		return nil
	}
	after, err := f.Stat()
	if err != nil {
		return &fault{what: "cannot be read", err: withoutPath(err)}
	}
	if after.Size() != f.before.Size() || after.Size() != read || !after.ModTime().Equal(f.before.ModTime()) {
		return &fault{what: "the file changed while it was read", hint: "wait until its export is finished, and run again"}
	}
	return nil
}

// modTime returns the file's time, or zero for a pipe, which has none.
func (f *file) modTime() time.Time {
	if !f.before.Mode().IsRegular() {
		return time.Time{}
	}
	return f.before.ModTime()
}

// withoutPath removes the path from an error that will be shown with the file's name anyway.
func withoutPath(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
