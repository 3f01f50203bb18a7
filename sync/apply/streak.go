package apply

import (
	"errors"
	"fmt"
	gosync "sync"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// maxEqualFailures is how many presets in a row may end with the same answer before no new write starts. An answer that
// Procore gave ten times it will give every time, so hundreds of further requests would be in vain.
const maxEqualFailures = 10

// streak counts the presets, in the order in which they end, that failed with the same answer. It is safe for
// concurrent use.
type streak struct {
	mu     gosync.Mutex
	answer string
	length int
}

// longEnough counts one more preset that ended, and reports whether it is time to stop.
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

// answerText returns the status and message with which a failed write was answered, for comparing one failure with
// another. It leaves out path and request id, since these always differ. It is empty if the answer is not known.
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
