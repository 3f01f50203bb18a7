package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// words splits an example as a shell does, as far as examples go: double quotes, and > ends it.
var words = regexp.MustCompile(`"[^"]*"|\S+`)

func TestTheHelpOfEveryCommandHasExamplesThatMakeSense(t *testing.T) {
	seen := map[string]bool{}
	var look func(c *cobra.Command)
	look = func(c *cobra.Command) {
		if c.Name() == "completion" || c.Name() == "help" {
			return
		}
		seen[c.CommandPath()] = true
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for _, line := range strings.Split(c.Example, "\n") {
			line, isCommand := strings.CutPrefix(strings.TrimSpace(line), "assignee-sync ")
			if !isCommand {
				continue
			}
			line, _, _ = strings.Cut(line, " > ")
			var args []string
			for _, w := range words.FindAllString(line, -1) {
				args = append(args, strings.Trim(w, `"`))
			}
			root := (&app{process: process{Args: args}}).root()
			found, rest, err := root.Find(args)
			if err != nil {
				t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
				continue
			}
			if err := found.ParseFlags(rest); err != nil {
				t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
			}
			if err := found.ValidateArgs(found.Flags().Args()); err != nil {
				t.Errorf("%s: %q: %v", c.CommandPath(), line, err)
			}
		}
		for _, below := range c.Commands() {
			look(below)
		}
	}
	look((&app{}).root())
	for path := range examples {
		if !seen[path] {
			t.Errorf("there are examples for %s, which is no command", path)
		}
	}
}

func TestEveryFlagSaysWhatItDoes(t *testing.T) {
	var look func(c *cobra.Command)
	look = func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s says nothing", c.CommandPath(), f.Name)
			}
		})
		for _, below := range c.Commands() {
			look(below)
		}
	}
	look((&app{}).root())
}
