package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"procore-assignee-sync/sync"
)

// sayArguments makes a command and its subcommands answer wrong arguments and flags with what they expect, and an
// example.
func sayArguments(c *cobra.Command) {
	if check := c.Args; check != nil && c.Name() != "help" {
		c.Args = func(c *cobra.Command, args []string) error {
			if check(c, args) == nil {
				return nil
			}
			return wrongArguments(c, args)
		}
	}
	for _, below := range c.Commands() {
		sayArguments(below)
	}
}

// wrongArguments says what a command expects, based on its usage line: words in capitals are required, and those in
// brackets optional.
func wrongArguments(c *cobra.Command, args []string) error {
	wanted := strings.Fields(c.Use)[1:]
	path := strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
	switch {
	case len(args) < len(wanted):
		return usagef("%s needs %s%s", path, strings.Join(wanted, " "), suchAs(c))
	case len(wanted) == 0:
		return usagef("%s takes no %q: all that it is told are flags%s", path, args[0], suchAs(c))
	default:
		return usagef("%s takes one %s, and not %q too%s", path, strings.Trim(wanted[0], "[]"), args[len(wanted)], suchAs(c))
	}
}

// suchAs returns the first example of a command, as the end of a sentence.
func suchAs(c *cobra.Command) string {
	for line := range strings.Lines(c.Example) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, c.CommandPath()) {
			return fmt.Sprintf(", such as `%s`", line)
		}
	}
	return ""
}

// wrongFlag explains a wrong flag in plain words instead of the parser's.
func wrongFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown) && c.HasSubCommands() && len(c.Flags().Args()) > 0:
		return unknownCommand(c, c.Flags().Args()[0]) // the flag was meant for the command after it
	case errors.As(err, &unknown):
		return usagef("%w%s", err, didYouMean(unknown.GetSpecifiedName(), flagNames(c)))
	case errors.As(err, &missing):
		name, _ := pflag.UnquoteUsage(missing.GetFlag())
		return usagef("%w: --%s %s", err, missing.GetFlag().Name, name)
	case errors.As(err, &invalid) && strings.HasPrefix(invalid.GetFlag().Value.Type(), "int"):
		return usagef("--%s is %q: a whole number is allowed", invalid.GetFlag().Name, invalid.GetValue())
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool":
		return usagef("--%s is %q: it takes no value, or true or false", invalid.GetFlag().Name, invalid.GetValue())
	}
	return usagef("%w", err)
}

// flagNames returns the flags of a command, with their dashes.
func flagNames(c *cobra.Command) (names []string) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	return names
}

// unknownCommand returns an error for a name that is not a subcommand of c.
func unknownCommand(c *cobra.Command, name string) error {
	var known []string
	for _, below := range c.Commands() {
		if below.IsAvailableCommand() {
			known = append(known, below.Name())
		}
	}
	return usagef("%s has no command %q%s", c.CommandPath(), name, didYouMean(name, known))
}

// didYouMean suggests a similar word for one that is unknown.
func didYouMean(word string, among []string) string {
	near := sync.NearNames(word, among)
	if len(near) == 0 {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", strings.Join(near, " or "))
}
