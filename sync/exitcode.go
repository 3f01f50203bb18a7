package sync

// Exit codes of the command, as the README lists them.
const (
	ExitDone       = 0
	ExitFailed     = 1  // before any write
	ExitChanges    = 2  // plan --detailed-exitcode
	ExitRefused    = 3  // by a gate; nothing written
	ExitIncomplete = 4  // something wanted was left out, or trouble after the first write
	ExitLocked     = 5  // another run holds the lock
	ExitUsage      = 64 // wrong usage
	ExitConfig     = 78 // wrong configuration, role map, credentials or company
)

// ConfigError is a problem with a setting or a role map because of which no run can start.
type ConfigError struct {
	What string // what is wrong, where, and what to do
}

func (e *ConfigError) Error() string { return e.What }

// ExitCode returns ExitConfig.
func (e *ConfigError) ExitCode() int { return ExitConfig }
