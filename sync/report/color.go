package report

// The ANSI colours of the terminal report. Nothing is said by colour alone.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint puts s in a colour where that was asked for.
func (t *text) paint(code, s string) string {
	if !t.opts.Color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func colorOf(sign string) string {
	switch sign {
	case "+":
		return green
	case "-", "x":
		return red
	default:
		return yellow
	}
}
