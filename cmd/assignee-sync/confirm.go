package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"procore-assignee-sync/sync"
)

// canAsk reports whether there is a person at the terminal to ask.
func (a *app) canAsk() bool { return a.StdinTTY }

// confirm returns a function that shows what is planned and asks whether to go on. Only the complete word counts. If
// nobody can be asked, it only shows the plan.
func (a *app) confirm(ctx context.Context, o outputOptions) func(sync.Record) (bool, error) {
	return func(rec sync.Record) (bool, error) {
		if err := a.showPlanned(rec, o); err != nil {
			return false, err
		}
		if !a.canAsk() {
			return false, errNobodyToAsk()
		}
		a.Ask("Send this to Procore? Only \"yes\" does: ")
		answers, failures := make(chan string, 1), make(chan error, 1)
		go func() {
			line, err := bufio.NewReader(a.Stdin).ReadString('\n')
			if err != nil && line == "" {
				failures <- err
				return
			}
			answers <- line
		}()
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case err := <-failures:
			return false, fmt.Errorf("no answer came: %w", err)
		case line := <-answers:
			return strings.TrimSpace(line) == "yes", nil
		}
	}
}
