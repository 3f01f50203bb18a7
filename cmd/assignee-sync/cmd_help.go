package main

import "github.com/spf13/cobra"

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
