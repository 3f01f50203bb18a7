package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// completed is what a shell is offered after these words.
func completed(t *testing.T, words ...string) []string {
	t.Helper()
	var out, told bytes.Buffer
	code := realMain(t.Context(), process{
		Args: append([]string{cobra.ShellCompNoDescRequestCmd}, words...), Environ: []string{"LEDGER_DIR=" + t.TempDir()},
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &told,
	})
	if code != 0 {
		t.Fatalf("%q: exit %d, %s", words, code, told.String())
	}
	return strings.Fields(out.String())
}

func TestAShellIsOfferedWhatAFlagTakesWhereverThereIsAChoice(t *testing.T) {
	formats := 0
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		words := strings.Fields(c.CommandPath())[1:]
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "format" && f.Name != "mode" {
				return
			}
			offered := completed(t, append(words, "--"+f.Name, "")...)
			if len(offered) < 3 { // two values at least, and the directive
				t.Errorf("%s --%s offers %q", c.CommandPath(), f.Name, offered)
			}
			if f.Name == "format" {
				formats++
				_, listed, _ := strings.Cut(f.Usage, "` is ")
				if got := strings.Join(offered[:len(offered)-1], ", "); got != listed {
					t.Errorf("%s --format offers %s, its help lists %s", c.CommandPath(), got, listed)
				}
			}
		})
		if len(words) > 0 && !c.HasSubCommands() && !strings.Contains(c.Use, "[PLAN]") {
			if offered := completed(t, append(words, "")...); len(offered) > 0 && offered[len(offered)-1] == ":0" {
				t.Errorf("%s offers files, of which it takes none", c.CommandPath())
			}
		}
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk((&app{}).root())
	if formats < 10 {
		t.Errorf("%d commands with --format were found: the test looks in the wrong place", formats)
	}
}
