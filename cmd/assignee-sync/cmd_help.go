package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"procore-assignee-sync/cmd/assignee-sync/settings"
)

// helpCommand shows the help of a command or a topic. It is cobra's own, except that an unknown topic is wrong usage
// here.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command, or about settings",
		RunE: func(_ *cobra.Command, args []string) error {
			about, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(root, args[0])
			}
			return about.Help()
		},
	}
}

// settingsTopic returns the help on settings: `assignee-sync help settings`.
func settingsTopic() *cobra.Command {
	var b strings.Builder
	b.WriteString("Settings come from the environment, or from --env-file where the environment has none. An empty one counts\n" +
		"as unset. A secret can also stand in a file of its own, whose path is NAME_FILE.\n\n")
	for _, s := range settings.Names() {
		fmt.Fprintf(&b, "  %-31s %s", s.Name, s.About)
		if s.Default != "" {
			fmt.Fprintf(&b, " (default %s)", s.Default)
		}
		if s.Secret {
			b.WriteString(" [secret]")
		}
		b.WriteByte('\n')
	}
	return &cobra.Command{Use: "settings", Short: "The settings, what they mean and their defaults", Long: b.String()}
}

// manCommand writes the manual pages that a release ships. It is hidden, since nobody needs it to run the job.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages of all commands to a folder",
		Args:   cobra.ExactArgs(1),
		Hidden: true,
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			c.Root().DisableAutoGenTag = true // otherwise the pages of each build differ
			return doc.GenManTree(c.Root(), &doc.GenManHeader{Section: "1", Source: "assignee-sync " + versionText()}, args[0])
		},
	}
}
