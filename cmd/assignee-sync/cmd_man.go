package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand writes the manual pages that a release ships. It is hidden: who runs the job never needs it.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages of all commands to a folder",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil { //nolint:gosec // pages are for everybody to read
				return err
			}
			c.Root().DisableAutoGenTag = true // else each build's pages differ
			return doc.GenManTree(c.Root(), &doc.GenManHeader{Section: "1", Source: "assignee-sync " + versionText()}, args[0])
		},
	}
}
