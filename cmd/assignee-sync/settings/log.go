package settings

import (
	"io"
	"log/slog"
)

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

// NewLogger returns a logger that writes lines to w.
func NewLogger(w io.Writer, l Log) *slog.Logger {
	opts := &slog.HandlerOptions{Level: l.Level}
	if l.JSON {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
