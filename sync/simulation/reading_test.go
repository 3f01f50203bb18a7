package simulation_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// watch reads along in what the run gets.
func (w *wire) watch(kind string, ref procore.PresetRef, res *http.Response) {
	right := strings.Contains(res.Header.Get("Content-Type"), "json") && res.StatusCode < 300
	switch {
	case kind == "PATCH" && res.StatusCode == http.StatusUnauthorized:
		w.resent[ref] = true // nothing was done: the client sends it once more with a new token
	case kind == "PATCH" && right:
		w.resent[ref] = false
		res.Body = &readAlong{ReadCloser: res.Body, done: func(body []byte) { w.acknowledged(ref, res, body) }}
	case kind == "PATCH":
		w.resent[ref] = false
	case kind == "GET preset" && right && w.planned() == nil:
		w.n.readFirst[ref] = true
		res.Body = &readAlong{ReadCloser: res.Body, done: func(body []byte) { w.wasPlannedFrom(ref, body) }}
	case kind == "GET preset" && right:
		res.Body = &readAlong{ReadCloser: res.Body, done: func(body []byte) { w.wasRead(ref, body) }}
	}
}

// reading is a preset as a run read it.
type reading struct {
	Template struct {
		ID        procore.TemplateID `json:"id"`
		Published procore.VersionID  `json:"last_published_version_id"`
	} `json:"template"`
	Manager struct {
		ID procore.LoginID `json:"id"`
	} `json:"workflow_manager"`
	Memberships []struct {
		Group     procore.GroupUUID `json:"responsible_group_uuid"`
		Assignees []struct {
			ID procore.LoginID `json:"id"`
		} `json:"assignees"`
	} `json:"responsible_group_memberships"`
}

func (r *reading) groups() []procore.GroupWrite {
	var list []procore.GroupWrite
	for _, m := range r.Memberships {
		g := procore.GroupWrite{UUID: m.Group, LoginIDs: []procore.LoginID{}}
		for _, who := range m.Assignees {
			g.LoginIDs = append(g.LoginIDs, who.ID)
		}
		list = append(list, g)
	}
	return list
}

// wasPlannedFrom notes as what a run read a preset before it planned.
func (w *wire) wasPlannedFrom(ref procore.PresetRef, body []byte) {
	var answer struct{ Data reading }
	if json.Unmarshal(body, &answer) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n.planned[ref], w.last[ref] = &answer.Data, &answer.Data
}

// wasRead notes that a run knows a preset as it is now.
func (w *wire) wasRead(ref procore.PresetRef, body []byte) {
	var answer struct{ Data reading }
	if json.Unmarshal(body, &answer) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fresh[ref], w.resent[ref], w.last[ref] = &answer.Data, false, &answer.Data
	w.n.lastRead[ref], w.readAt[ref] = answer.Data.groups(), time.Now()
	for _, done := range slices.Backward(w.s.server.History()[w.n.firstWrite:]) {
		if done.Ref == ref {
			w.harmed = w.harmed || showsHarm(done) && sameSeating(done.After.Memberships, answer.Data.groups())
			break
		}
	}
	if w.open != nil && *w.open == ref && answer.Data.Manager != w.before[ref].Manager { // the first write's check shows it
		w.harmed = true
	}
	sent, was := w.sent[ref]
	if w.open != nil && *w.open == ref || was && sameSeating(sent, answer.Data.groups()) {
		w.open, w.settled = nil, true
	}
}

// acknowledged notes that a run knows what became of a write.
func (w *wire) acknowledged(ref procore.PresetRef, res *http.Response, body []byte) {
	var answer struct {
		Data struct {
			Groups []procore.GroupWrite `json:"responsible_group_memberships"`
		}
	}
	if json.Unmarshal(body, &answer) != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.settled {
		w.open = &ref
	}
	for _, done := range slices.Backward(w.s.server.History()) {
		if done.RequestID == res.Header.Get("X-Request-Id") && answer.Data.Groups != nil && isDamaged(done) {
			w.harmed = true
		}
	}
}

// readAlong tells what a body held once it was read to its end.
type readAlong struct {
	io.ReadCloser
	read bytes.Buffer
	done func([]byte)
}

func (b *readAlong) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read.Write(p[:n])
	if err == io.EOF && b.done != nil {
		b.done(b.read.Bytes())
		b.done = nil
	}
	return n, err
}
