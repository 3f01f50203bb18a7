package csvtable

import (
	"errors"
	"fmt"
)

// refuse turns what was wrong into an error for people.
func (t *Table) refuse(err error) error {
	var f *fault
	if !errors.As(err, &f) {
		return &Error{File: t.name, What: "cannot be read", Err: withoutPath(err)}
	}
	e := &Error{File: t.name, Line: f.line, Column: f.name, What: f.what, Hint: f.hint, Err: f.err, Header: f.has}
	if e.Column == "" && f.cell > 0 && f.cell <= len(t.header.names) {
		e.Column = t.header.names[f.cell-1]
	}
	if e.Column == "" && f.cell > 0 {
		e.What += fmt.Sprintf(", in cell %d", f.cell)
	}
	if f.err != nil && t.opts.Settings.Path != "" {
		e.Hint = "check " + t.opts.Settings.Path
	}
	if f.what == undecodableBytes {
		e.Hint = t.encodingHint()
	}
	if setting := t.opts.Settings.setting(f.mend); setting != "" {
		e.Hint += fmt.Sprintf(f.or, setting)
	}
	return e
}

// encodingHint says what helps if bytes can't be decoded.
func (t *Table) encodingHint() string {
	switch setting := t.opts.Settings.Encoding; {
	case t.decode.encoding != UTF8:
		return "the file is not the " + t.decode.encoding + " that it was read as, or it is damaged"
	case setting != "":
		return "it is not UTF-8: save it as CSV UTF-8, or set " + setting + "=" + Windows1252 + " if Excel or a Windows program saved it"
	default:
		return "it is not UTF-8: save it as CSV UTF-8"
	}
}
