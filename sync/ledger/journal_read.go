package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"procore-assignee-sync/sync/apply"
)

// readJournal reads a journal back, and says where its last whole line ends. A last line without its end was cut off
// while it was written: it does not count, since nothing is done before a line is on disk.
func readJournal(path string) (steps apply.JournalFile, size int64, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return apply.JournalFile{}, 0, err
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	number := 0
	for line := range bytes.Lines(whole) {
		number++
		if err := readLine(&steps, line); err != nil {
			steps.Damaged = append(steps.Damaged, number)
		}
	}
	return steps, int64(len(whole)), nil
}

// hasFinished says whether a journal ends with the line "finished". It reads the end alone: journals can be long, and
// there is one for every night.
func hasFinished(path string) (finished bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	tail := make([]byte, min(info.Size(), longestFinished))
	if _, err := f.ReadAt(tail, info.Size()-int64(len(tail))); err != nil {
		return false, err
	}
	text, whole := bytes.CutSuffix(tail, []byte("\n"))
	var last apply.JournalFile
	return whole && readLine(&last, text[bytes.LastIndexByte(text, '\n')+1:]) == nil && last.Finished, nil
}

// longestFinished is more than a line "finished" can have.
const longestFinished = 1024

// readLine adds what one line says.
func readLine(steps *apply.JournalFile, line []byte) error {
	var which struct {
		Step string `json:"step"`
		Of   string `json:"of"`
	}
	if err := json.Unmarshal(line, &which); err != nil {
		return err
	}
	if which.Of != "" {
		return nil // of a running workflow: see readRunningSteps
	}
	switch which.Step {
	case stepStarted:
		return json.Unmarshal(line, &steps.Run)
	case stepIntent:
		return decodeInto(&steps.Intents, line)
	case stepOutcome:
		return decodeInto(&steps.Outcomes, line)
	case stepFinished:
		var end finishedLine
		if err := json.Unmarshal(line, &end); err != nil {
			return err
		}
		steps.Finished, steps.Outcome, steps.ExitCode = true, end.Outcome, end.ExitCode
		return nil
	}
	return fmt.Errorf("no step is called %q", which.Step)
}

func decodeInto[T any](list *[]T, line []byte) error {
	var entry T
	if err := json.Unmarshal(line, &entry); err != nil {
		return err
	}
	*list = append(*list, entry)
	return nil
}
