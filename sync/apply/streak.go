package apply

import (
	"errors"
	"fmt"
	gosync "sync"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// maxEqualFailures is how many presets in a row may end with the same answer before no new write starts: what Procore
// says ten times it says of all, and hundreds of presets more would only be asked in vain.
const maxEqualFailures = 10

// streak counts the presets in a row, as they end, that failed with the same answer. It is safe for concurrent use.
type streak struct {
	mu     gosync.Mutex
	answer string
	length int
}

// longEnough takes note of one more preset that ended, and reports whether it is time to stop.
func (s *streak) longEnough(v verdict) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case v.status != sync.Failed || v.answer == "":
		s.answer, s.length = "", 0
	case v.answer == s.answer:
		s.length++
	default:
		s.answer, s.length = v.answer, 1
	}
	return s.length >= maxEqualFailures
}

// answerText returns the status and message of the answer that a failed write ended with, to tell whether others end
// with the same; paths and request ids differ, so they are left out. It is empty where the answer is not known.
func answerText(err error) string {
	var api *procore.APIError
	var unclear *procore.AnswerError
	var network *procore.NetworkError
	switch {
	case errors.As(err, &api):
		return fmt.Sprintf("%d %s", api.Status, api.Message)
	case errors.As(err, &unclear):
		return fmt.Sprintf("%d, an answer that cannot be read", unclear.Status)
	case errors.As(err, &network):
		return "no answer"
	}
	return ""
}

func streakReason(v verdict) stopReason {
	short := fmt.Sprintf("%d presets in a row failed with the same answer", maxEqualFailures)
	if v.httpStatus > 0 {
		short += fmt.Sprintf(", status %d", v.httpStatus)
	}
	return stopReason{short, v.answer}
}
