package console

import "os"

// LeaveTermination writes the final line where Kubernetes shows it as the container's termination message. It does not
// create the file if there is none.
func LeaveTermination(path, line string) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return
	}
	defer f.Close()
	// If this fails, the line is still at the end of the log.
	_, _ = f.WriteString(line + "\n")
}
