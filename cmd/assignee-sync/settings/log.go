package settings

import "log/slog"

// Log says what is logged and how.
type Log struct {
	Level slog.Level
	JSON  bool
}

// readLog reads LOG_LEVEL and LOG_FORMAT.
func (c *Config) readLog(t texts, problems *problemList) {
	switch problems.oneOf("LOG_LEVEL", t.LogLevel, "info", "debug", "warn", "error") {
	case "debug":
		c.Log.Level = slog.LevelDebug
	case "warn":
		c.Log.Level = slog.LevelWarn
	case "error":
		c.Log.Level = slog.LevelError
	}
	c.Log.JSON = problems.oneOf("LOG_FORMAT", t.LogFormat, "text", "json") == "json"
}
