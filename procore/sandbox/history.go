package sandbox

import (
	"time"

	"procore-assignee-sync/procore"
)

// Write is one applied PATCH. Its slices belong to the server's record and are not to be changed.
type Write struct {
	Seq    int // order among writes and edits
	Time   time.Time
	Ref    procore.PresetRef
	Body   []byte // as sent
	Before Preset
	After  Preset

	RequestID string // X-Request-Id of the answer

	// Fault is what else happened to the request, such as "lost" or "damage"; empty: nothing.
	Fault string
}

// Edit is someone's change by hand.
type Edit struct {
	Seq    int // order among writes and edits
	Time   time.Time
	Ref    procore.PresetRef
	Before Preset
	After  Preset
}

// Request is one request as it came in.
type Request struct {
	Seq       int // order of arrival, from 1
	Time      time.Time
	Operation string // operationId of the API document; empty for an unknown path
	Method    string
	Path      string // without the base path
	Query     string
	Body      []byte
	Status    int    // 0: no answer was given
	RequestID string // X-Request-Id
	Fault     string // the faults that met it, as ParseFaults writes them
}

// InstanceWrite is one applied invitation to a workflow, or response to it.
type InstanceWrite struct {
	Seq       int // order among writes and edits, of presets too
	Time      time.Time
	Ref       procore.InstanceRef
	Operation string // operationId of the API document
	Body      []byte // as sent
	Before    Instance
	After     Instance

	RequestID string // X-Request-Id of the answer
	Fault     string // what else happened to the request; empty: nothing
}

// InstanceEdit is a change of a workflow that no request made: someone's by hand, or its start, with nothing before.
type InstanceEdit struct {
	Seq    int // order among writes and edits, of presets too
	Time   time.Time
	Ref    procore.InstanceRef
	Before Instance
	After  Instance
}
