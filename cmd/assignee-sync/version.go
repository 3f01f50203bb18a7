package main

import (
	"runtime"
	"runtime/debug"
)

// Set by a build that has no git history beside it, such as the image's: -ldflags "-X main.version=v1.2.3 -X
// main.commit=…". Elsewhere the Go toolchain records both.
var version, commit string

// build says what this binary was built from.
type build struct {
	Version   string `json:"version"`            // a tag such as v1.2.3, or what Go makes up for a commit without one
	Commit    string `json:"commit"`             // git's full hash; empty where nobody recorded it
	Time      string `json:"time,omitempty"`     // of the commit, RFC 3339
	Modified  bool   `json:"modified,omitempty"` // the sources had changes that were not committed
	GoVersion string `json:"go_version"`
	Platform  string `json:"platform"` // such as linux/amd64
}

// thisBuild gives what the linker and the Go toolchain recorded.
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

// versionText is the version in a word or two, as runs record it.
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
