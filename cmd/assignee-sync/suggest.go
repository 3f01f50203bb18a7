package main

import (
	"cmp"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync/report"
)

// suggest returns a command of this program that can be pasted into a shell: its words, quoted if need be, and the
// flags that say where this call's settings came from.
func (a *app) suggest(words ...string) string {
	quoted := []string{"assignee-sync"}
	for _, w := range words {
		quoted = append(quoted, shellWord(w))
	}
	return joinWords(append(quoted, envFileFlag(a.envFile))...)
}

// suggestApproving returns the same command with an approval of the plan with this digest.
func (a *app) suggestApproving(digest string, words ...string) string {
	return joinWords(append([]string{a.suggest(words...)}, report.ApproveFlags(digest, !a.canAsk())...)...)
}

// suggested matches a command in backquotes, which is how messages suggest one.
var suggested = regexp.MustCompile("`assignee-sync ([^`]+)`")

// pasteable completes the commands that a text suggests: packages that know nothing of the command line can't know
// where settings come from.
func (a *app) pasteable(text string) string {
	if a.envFile == "" {
		return text
	}
	root, completed := (&app{}).root(), map[string]string{}
	return suggested.ReplaceAllStringFunc(text, func(command string) string {
		if known, ok := completed[command]; ok {
			return known
		}
		completed[command] = command
		plain := strings.Trim(command, "`")
		found, _, err := root.Find(strings.Fields(plain)[1:])
		if err == nil && found.Flags().Lookup("env-file") != nil && !strings.Contains(plain, "--env-file") {
			completed[command] = "`" + joinWords(plain, envFileFlag(a.envFile)) + "`"
		}
		return completed[command]
	})
}

// text writes text for people to standard output, with its commands completed so that they can be pasted.
func (a *app) text(write func(io.Writer) error) error { return a.completed(a.Prose(), write) }

// completed writes a text with its commands completed so that they can be pasted.
func (a *app) completed(w io.Writer, write func(io.Writer) error) error {
	if a.envFile == "" {
		return write(w)
	}
	var b strings.Builder
	err := write(&b)
	_, writeErr := io.WriteString(w, a.pasteable(b.String()))
	return cmp.Or(err, writeErr)
}

// shapingFlags returns the given flags that shape the plan, quoted for a shell, for use in a suggested command.
func (a *app) shapingFlags(c *cobra.Command) string {
	words := []string{envFileFlag(a.envFile)}
	for _, f := range slices.Concat(settings.SourceFlags(), settings.LimitFlags()) {
		flag := c.Flags().Lookup(f.Name)
		if flag == nil || !flag.Changed {
			continue
		}
		value, ok := flag.Value.(*settingValue)
		if !ok {
			continue
		}
		for _, v := range value.values {
			if f.Placeholder == "" {
				words = append(words, "--"+f.Name+"="+shellWord(v))
			} else {
				words = append(words, "--"+f.Name, shellWord(v))
			}
		}
	}
	if flag := c.Flags().Lookup("refresh"); flag != nil && flag.Changed {
		words = append(words, "--refresh")
	}
	return joinWords(words...)
}

// envFileFlag returns the flag for the env file, if there is one.
func envFileFlag(path string) string {
	if path == "" {
		return ""
	}
	return "--env-file " + shellWord(path)
}

// shellWord quotes a text for a POSIX shell if need be.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_@%+:,./-", r)
	}
	if s != "" && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// joinWords joins the words of a command, leaving out empty ones.
func joinWords(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}
