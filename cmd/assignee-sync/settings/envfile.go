package settings

import (
	"fmt"
	"regexp"
	"strings"
)

// envFileError is a line of an --env-file that can't be parsed. It never shows the line, which may contain a secret.
type envFileError struct {
	Line int
	What string
}

func (e *envFileError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.What) }

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parseEnvFile parses NAME=value lines. It skips blank lines and lines that start with #, and allows a leading "export
// ". A value is taken literally, except for spaces around it and a comment after " #". In single quotes it is taken
// exactly as it is; in double quotes \n, \t, \", \$, \` and \\ are recognised. Nothing is ever expanded: a $ in a
// password is a $.
func parseEnvFile(content []byte) (map[string]string, error) {
	text, err := decode(content)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, text, found := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		name = strings.TrimSpace(name)
		if !found || !envName.MatchString(name) {
			return nil, &envFileError{n, "expected NAME=value"}
		}
		if _, twice := values[name]; twice {
			return nil, &envFileError{n, name + " is set a second time"}
		}
		value, err := envValue(strings.TrimSpace(text))
		if err != nil {
			return nil, &envFileError{n, name + ": " + err.Error()}
		}
		values[name] = value
	}
	return values, nil
}

// envValue removes quotes or a comment.
func envValue(text string) (string, error) {
	if text == "" || text[0] == '#' {
		return "", nil
	}
	quote := text[0]
	if quote != '\'' && quote != '"' {
		if at := strings.Index(text, " #"); at >= 0 {
			text = strings.TrimSpace(text[:at])
		}
		return text, nil
	}
	value, rest, closed := unquote(text[1:], quote)
	switch rest = strings.TrimSpace(rest); {
	case !closed:
		return "", fmt.Errorf("the closing %c is missing; a value is one line", quote)
	case rest != "" && rest[0] != '#':
		return "", fmt.Errorf("there is text after the closing %c", quote)
	}
	return value, nil
}

// unquote reads up to the closing quote.
func unquote(text string, quote byte) (value, rest string, closed bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == quote:
			return b.String(), text[i+1:], true
		case text[i] == '\\' && quote == '"' && i+1 < len(text):
			i++
			b.WriteString(unescape(text[i]))
		default:
			b.WriteByte(text[i])
		}
	}
	return "", "", false
}

func unescape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case '"', '\\', '$', '`':
		return string(c)
	default:
		return string([]byte{'\\', c})
	}
}

// EnvLine writes a setting as a line of an env file that reads back as it is. The value holds no line break.
func EnvLine(name, value string) string {
	switch {
	case value == "" || !strings.ContainsAny(value, " #'\"\\$") && trim(value) == value:
		return name + "=" + value
	case !strings.Contains(value, "'"):
		return name + "='" + value + "'"
	default:
		return name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`).Replace(value) + `"`
	}
}
