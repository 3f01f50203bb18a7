package main

import (
	"io"
	"log/slog"
)

// logSettings say what is logged and how.
type logSettings struct {
	Level slog.Level
	JSON  bool
}

// readLog reads LOG_LEVEL and LOG_FORMAT.
func (c *config) readLog(t settingTexts, problems *problemList) {
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

// newLogger writes log lines to w, which is standard error.
func newLogger(w io.Writer, s logSettings) *slog.Logger {
	opts := &slog.HandlerOptions{Level: s.Level}
	if s.JSON {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
