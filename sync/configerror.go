package sync

// ConfigError is a setting or a role map that no run can start with.
type ConfigError struct {
	What string // what is wrong, where, and what to do
}

func (e *ConfigError) Error() string { return e.What }

// ExitCode is what the command ends with.
func (e *ConfigError) ExitCode() int { return ExitConfig }
