package console

import "os"

// LeaveTermination writes the final line where Kubernetes shows it as the container's termination message. Where there is
// no such file, none is made.
func LeaveTermination(path, line string) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return
	}
	defer f.Close()
	// Without it the line still stands at the end of the log.
	_, _ = f.WriteString(line + "\n")
}
