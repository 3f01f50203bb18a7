// Package notify sends one message about how an apply ended to the address in SYNC_NOTIFY_URL: Slack, Teams, e-mail, a
// plain webhook or anything else for which shoutrrr has a service URL (https://shoutrrr.nickfedor.com/). The message
// names nobody.
package notify

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/nicholas-fedor/shoutrrr"
	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"procore-assignee-sync/redact"
	"procore-assignee-sync/sync"
)

// Message is the content of a message.
type Message struct {
	Line     string       // the final line
	ExitCode int          // of the command
	Record   *sync.Record // nil if the run ended before it had one
	Approve  string       // the command that approves a plan that was refused; empty if none was
}

// IsProblem reports whether somebody wants to hear of an exit code: any except done, another run holds the lock, and
// wrong usage.
func IsProblem(code int) bool {
	return code != sync.ExitDone && code != sync.ExitLocked && code != sync.ExitUsage
}

// Text returns the message: the final line, the counts, what is left to do by kind, the run's id and how to approve.
func (m Message) Text() string {
	lines := []string{m.Line}
	if rec := m.Record; rec != nil {
		s := rec.Summary
		lines = append(lines,
			fmt.Sprintf("Planned: %d to add, %d to remove. Applied: %d, failed: %d, conflicts: %d, held: %d, not attempted: %d.",
				s.Planned.Additions, s.Planned.Removals, s.Results.Applied, s.Results.Failed, s.Results.Conflict, s.Results.Held,
				s.Results.NotAttempted))
		var left []string
		for _, k := range s.Exceptions {
			if k.Undone > 0 {
				left = append(left, fmt.Sprintf("%s %d", k.Kind, k.Undone))
			}
		}
		if len(left) > 0 {
			lines = append(lines, "Left to do: "+strings.Join(left, ", ")+".")
		}
		lines = append(lines, "Run: "+rec.Run.ID)
	}
	if m.Approve != "" {
		lines = append(lines, "To approve: "+m.Approve)
	}
	return strings.Join(lines, "\n")
}

// Known reports whether the scheme of a service URL, such as that of generic+https://…, names a service. It sends
// nothing.
func Known(scheme string) bool {
	name, _, _ := strings.Cut(scheme, "+")
	_, err := new(router.ServiceRouter).NewService(name)
	return err == nil
}

// address matches a URL in the library's errors, since with most services the URL works like a password.
var address = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"'\])}]*`)

// Send sends the message to a service URL. It returns when ctx ends at the latest. The URL is a secret: the error
// contains no URL, and package redact removes anything else of it, such as a token, before anybody reads it.
func Send(ctx context.Context, url string, m Message) error {
	sent := make(chan error, 1)
	go func() { sent <- send(url, m) }()
	select {
	case err := <-sent:
		return err
	case <-ctx.Done():
		return errors.New("the service gave no answer in time")
	}
}

func send(url string, m Message) error {
	sender, err := shoutrrr.NewSender(silent{}, url)
	if err != nil {
		return withoutAddress(fmt.Errorf("SYNC_NOTIFY_URL names no service: %w", err))
	}
	return withoutAddress(errors.Join(sender.Send(m.Text(), &types.Params{"title": "assignee-sync"})...))
}

func withoutAddress(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(address.ReplaceAllString(err.Error(), redact.Mark))
}

// silent discards the library's own log, which may repeat the URL.
type silent struct{}

// Print keeps nothing.
func (silent) Print(...any) {}

// Printf keeps nothing.
func (silent) Printf(string, ...any) {}

// Println keeps nothing.
func (silent) Println(...any) {}
