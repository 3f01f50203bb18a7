package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "version",
		Short: "Say which version this is, and what it was built from",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild()
			if asJSON {
				return json.NewEncoder(a.Stdout).Encode(b)
			}
			_, err := fmt.Fprintf(a.Stdout, "assignee-sync %s\n%s\n", versionText(), b.details())
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as one JSON object: version, commit, time, go_version, platform")
	return c
}

// details says in one line what a build was made from.
func (b build) details() string {
	from := "commit " + cmp.Or(b.Commit, "unknown")
	if b.Time != "" {
		from += " of " + b.Time
	}
	if b.Modified {
		from += ", with changes"
	}
	return strings.Join([]string{from, b.GoVersion, b.Platform}, "; ")
}
