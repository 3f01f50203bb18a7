package main

import (
	"io"
	"net/http"
	"time"
)

// process is what the system gives the command: main fills it in, tests make one up.
type process struct {
	Args    []string // without the program's name
	Environ []string // NAME=value

	Stdin          io.Reader
	Stdout, Stderr io.Writer

	StdinTTY, StdoutTTY, StderrTTY bool // whether a person sits there

	// TerminationLog is the file that Kubernetes reads a container's last words from. It is written in a pod only.
	TerminationLog string

	Width func() int // of the terminal, in columns; nil: 80

	Now       func() time.Time  // nil: time.Now
	Transport http.RoundTripper // that reaches Procore; nil: the network
}

// inPod reports whether the environment is that of a pod in Kubernetes.
func inPod(environ []string) bool { return isSet(environ, "KUBERNETES_SERVICE_HOST") }
