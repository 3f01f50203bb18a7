package csvtable

import (
	"errors"
	"strings"
)

// skipComments reads on to a line that is no comment.
func (p *parser) skipComments() error {
	for p.comments {
		begins, _ := p.in.Peek(2) // an error comes again when the record is read
		if len(begins) == 0 || begins[0] != '#' || len(begins) == 2 && !strings.ContainsRune(" \t\r\n", rune(begins[1])) {
			return nil
		}
		p.size = 0
		for {
			b, err := p.read()
			switch {
			case errors.Is(err, errTooLong):
				return &fault{line: p.line, what: "a comment longer than 1 MiB", hint: "this is no CSV, or its line breaks were lost"}
			case err != nil:
				return err
			}
			if b == '\n' {
				break
			}
		}
	}
	return nil
}
