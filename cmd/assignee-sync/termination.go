package main

import (
	"os"
	"strings"
)

// leaveTermination writes the final line where Kubernetes shows it as the container's termination message. Outside a
// pod there is no such file, and none is made.
func leaveTermination(p process, line string) {
	if p.TerminationLog == "" || !inPod(p.Environ) {
		return
	}
	f, err := os.OpenFile(p.TerminationLog, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return
	}
	defer f.Close()
	// Without it the line still stands at the end of the log.
	_, _ = f.WriteString(line + "\n")
}

func inPod(environ []string) bool {
	for _, pair := range environ {
		if value, ok := strings.CutPrefix(pair, "KUBERNETES_SERVICE_HOST="); ok && value != "" {
			return true
		}
	}
	return false
}
