// Package console is what people, logs and clusters see of the process: standard output and standard error without
// secrets, as text or as JSON; the progress line on a terminal; questions; signals; the termination message.
package console

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"

	"procore-assignee-sync/redact"
)

// Options say where a console writes.
type Options struct {
	Stdout, Stderr io.Writer
	Terminal       bool       // standard error is a terminal, on which a line can be erased
	OutTerminal    bool       // standard output is a terminal
	Width          func() int // of the terminal, in columns; nil or 0 if unknown
	JSON           bool       // what LOG_FORMAT=json says, as far as it is known at the start
}

// Console is standard output and standard error. It is safe for concurrent use.
type Console struct {
	out, errs *redact.Writer // errs writes to screen
	screen    *screen
	terminal  bool
	prose     io.Writer
	json      atomic.Bool
}

// New returns a console that knows no secret yet.
func New(o Options) *Console {
	c := &Console{screen: &screen{w: o.Stderr, width: o.Width}, terminal: o.Terminal}
	c.out, c.errs = redact.NewWriter(o.Stdout), redact.NewWriter(c.screen)
	c.prose = c.out
	if o.OutTerminal {
		c.prose = &wrapper{w: c.out, width: c.screen.columns()}
	}
	c.json.Store(o.JSON)
	return c
}

// Writers returns standard output and standard error, both without secrets.
func (c *Console) Writers() (stdout, stderr io.Writer) { return c.out, c.errs }

// Prose returns standard output for text that people read: on a terminal, lines that are too wide are broken between
// words. Every write must end with a complete line.
func (c *Console) Prose() io.Writer { return c.prose }

// Flush writes the part of standard output that is held back because it may be the beginning of a secret.
func (c *Console) Flush() error { return c.out.Flush() }

// Close writes what is held back. There is nobody left to report an error to.
func (c *Console) Close() {
	_ = c.out.Flush()
	_ = c.errs.Flush()
}

// Hide removes these secrets from everything that is written from now on.
func (c *Console) Hide(secrets ...string) {
	c.out.Hide(secrets...)
	c.errs.Hide(secrets...)
}

// SetJSON sets whether standard error is JSON only.
func (c *Console) SetJSON(json bool) { c.json.Store(json) }

// Logger returns a logger on standard error, as text or as JSON.
func (c *Console) Logger(level slog.Level) *slog.Logger {
	opts := &slog.HandlerOptions{Level: level}
	if c.json.Load() {
		return slog.New(slog.NewJSONHandler(c.errs, opts))
	}
	return slog.New(slog.NewTextHandler(c.errs, opts))
}

// Say prints a message on standard error. If that is JSON the message is a record like everything else there, whatever
// LOG_LEVEL says, since it is not a log line that anybody chose to do without. Text shows only the message.
func (c *Console) Say(level slog.Level, text string, attrs ...any) {
	if c.json.Load() {
		c.Logger(slog.LevelDebug).Log(context.Background(), level, text, attrs...)
		return
	}
	if c.terminal {
		text = wrapped(text, c.screen.columns())
	}
	fmt.Fprintln(c.errs, text)
}

// Tell prints a message that is not about a problem.
func (c *Console) Tell(format string, args ...any) {
	c.Say(slog.LevelInfo, fmt.Sprintf(format, args...))
}

// Fail prints what went wrong, after the program's name.
func (c *Console) Fail(program, text string) {
	if !c.json.Load() {
		text = program + ": " + text
	}
	c.Say(slog.LevelError, text)
}

// Ask prints a question and leaves the cursor behind it.
func (c *Console) Ask(question string) {
	if c.json.Load() {
		c.Tell("%s", strings.TrimSpace(question))
		return
	}
	fmt.Fprint(c.errs, question)
}
