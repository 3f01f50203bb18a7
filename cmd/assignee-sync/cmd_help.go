package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/settings"
)

// helpCommand shows the help of a command or a topic. It is cobra's own but for what it does not know, which is wrong
// usage here too.
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

// settingsTopic is the help on settings: `assignee-sync help settings`.
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
