package sync

// Result is what applying a plan came to.
type Result struct {
	Changes        []Change    // every change of the plan, each with what became of it, in the plan's order
	Exceptions     []Exception // conflict, failed, not_attempted: one for each preset
	PresetsWritten int         // presets of which a write took effect
	WriteSent      bool        // at least one PATCH was sent
	Stopped        string      // why no new write started, for a person; empty where all were attempted
	StoppedShort   string      // the same without what an error said, so that nobody is named
}
