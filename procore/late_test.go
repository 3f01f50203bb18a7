package procore_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

func TestAWriteWhoseTurnComesTooLateIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sample := sandbox.NewSample(sandbox.SampleOptions{Seed: 1, Projects: 1})
		server := sandbox.New(sample.Company, sandbox.Options{Hourly: 3})
		c, err := procore.New(procore.Config{
			Company: sample.Company.ID, APIURL: "https://api.sandbox.test", LoginURL: "https://login.sandbox.test",
			ClientID: sandbox.DefaultClientID, ClientSecret: sandbox.DefaultClientSecret, Transport: server.Transport(),
		})
		if err != nil {
			t.Fatal(err)
		}
		p := server.Snapshot()[0]
		for range 3 {
			if _, err := c.Preset(t.Context(), p.PresetRef); err != nil {
				t.Fatal(err)
			}
		}
		start := time.Now()
		_, err = c.UpdateAssignees(t.Context(), p.PresetRef, p.Memberships)
		late := (*procore.LateError)(nil)
		if waited := time.Since(start); !errors.As(err, &late) || waited < time.Minute {
			t.Fatalf("after %v: %v", waited, err)
		}
		if !procore.Retryable(err) || procore.MaybeApplied(err) {
			t.Error("it may be sent again after a look, and certainly was not applied")
		}
		if len(server.History()) > 0 {
			t.Error("it was sent")
		}
		if _, err = c.UpdateAssignees(t.Context(), p.PresetRef, p.Memberships); err != nil {
			t.Errorf("now that there is room again: %v", err)
		}
	})
}
