package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// Set by a build without git history, such as the image's: -ldflags "-X main.version=v1.2.3 -X main.commit=…".
// Otherwise the Go toolchain records both.
var version, commit string

// build says what this binary was built from.
type build struct {
	Version   string `json:"version"`            // a tag such as v1.2.3, or what Go derives for a commit without one
	Commit    string `json:"commit"`             // git's full hash; empty if it was not recorded
	Time      string `json:"time,omitempty"`     // of the commit, RFC 3339
	Modified  bool   `json:"modified,omitempty"` // the sources had uncommitted changes
	GoVersion string `json:"go_version"`
	Platform  string `json:"platform"` // such as linux/amd64
}

// thisBuild returns what the linker and the Go toolchain recorded.
func thisBuild() build {
	b := build{Version: version, Commit: commit, GoVersion: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "" && info.Main.Version != "(devel)" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && b.Commit == "":
			b.Commit = s.Value
		case s.Key == "vcs.time":
			b.Time = s.Value
		case s.Key == "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// versionText returns the version in a word or two, as runs record it.
func versionText() string {
	switch b := thisBuild(); {
	case b.Version != "":
		return b.Version
	case len(b.Commit) >= 12:
		return "commit " + b.Commit[:12]
	default:
		return "development build"
	}
}

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

// details describes in one line what a build was made from.
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
