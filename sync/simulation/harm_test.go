package simulation_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

// checkWrite looks at what the simulated Procore has in the end: no unmanaged group is ever changed by us, and the
// manager stays.
func (s *simulation) checkWrite(n *night, w sandbox.Write) []string {
	var breaches []string
	if w.Before.Manager != w.After.Manager {
		breaches = append(breaches, fmt.Sprintf("preset %s: the workflow manager changed", w.Ref.Preset))
	}
	for _, before := range slices.Concat(w.Before.Memberships, w.After.Memberships) {
		was, is := peopleIn(w.Before.Memberships, before.UUID), peopleIn(w.After.Memberships, before.UUID)
		if slices.Equal(was, is) || s.editedMeanwhile(n, w, before.UUID) || isDamaged(w) {
			continue
		}
		if _, touched := n.touched[w.Ref][before.UUID]; !touched {
			breaches = append(breaches, fmt.Sprintf("preset %s: group %s changed from %v to %v, which no write was to do",
				w.Ref.Preset, before.UUID, was, is))
		}
	}
	return breaches
}

// isDamaged says whether a write did something else than was sent, and something at all.
func isDamaged(w sandbox.Write) bool {
	return strings.Contains(w.Fault, string(sandbox.FaultDamage)) &&
		!sameSeating(w.After.Memberships, sentBy(w)) && !sameSeating(w.After.Memberships, w.Before.Memberships)
}

func sentBy(w sandbox.Write) []procore.GroupWrite {
	var sent struct {
		Groups []procore.GroupWrite `json:"responsible_group_memberships"`
	}
	_ = json.Unmarshal(w.Body, &sent) // the server has read it before
	return sent.Groups
}

// showsHarm says whether a damaged write can be told, by who looks at the preset afterwards, from one that was not done
// in a preset that somebody else edited: some of what it was to do is done, or a group is changed that it left alone.
func showsHarm(w sandbox.Write) bool {
	sent := sentBy(w)
	edited := strings.Contains(w.Fault, string(sandbox.FaultEdit))
	return isDamaged(w) && !edited && slices.ContainsFunc(slices.Concat(w.Before.Memberships, sent), func(g procore.GroupWrite) bool {
		before, meant, after := peopleIn(w.Before.Memberships, g.UUID), peopleIn(sent, g.UUID), peopleIn(w.After.Memberships, g.UUID)
		if sameSet(before, meant) {
			return !sameSet(before, after)
		}
		return sameSet(meant, after)
	})
}

// editedMeanwhile says whether somebody edited the group between our read and our write: that moment can't be closed,
// since Procore has no precondition. Such edits meet the write itself and come right before it, but for nights in which
// other requests come between.
func (s *simulation) editedMeanwhile(n *night, w sandbox.Write, group procore.GroupUUID) bool {
	met := strings.Count(w.Fault, string(sandbox.FaultEdit))
	for _, r := range s.server.Requests()[n.firstRequest:] { // a write that was answered 401 is sent once more
		if r.Status == http.StatusUnauthorized && string(r.Body) == string(w.Body) {
			met += strings.Count(r.Fault, string(sandbox.FaultEdit))
		}
	}
	return slices.ContainsFunc(s.server.Edits()[n.firstEdit:], func(e sandbox.Edit) bool {
		return e.Ref == w.Ref && e.Seq < w.Seq && (e.Seq >= w.Seq-met || n.besideIsDry || n.concurrency > 1) &&
			!slices.Equal(peopleIn(e.Before.Memberships, group), peopleIn(e.After.Memberships, group))
	})
}
