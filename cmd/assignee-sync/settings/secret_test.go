package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

func TestASecretNeverPrintsItself(t *testing.T) {
	const value = "hunter2hunter2"
	holder := struct {
		Name   string
		Secret Secret
	}{"x", value}
	encoded, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&logged, nil))
	log.Info("settings", "secret", holder.Secret, "holder", holder, slog.Any("pointer", &holder))
	slog.New(slog.NewTextHandler(&logged, nil)).Info("settings", "secret", holder.Secret, "holder", holder)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q", holder, holder, holder, holder.Secret, holder.Secret), string(encoded), logged.String(),
	} {
		if strings.Contains(text, value) {
			t.Errorf("it is in %s", text)
		}
	}
}

func TestWhatIsSecretInTheSettingsIsTold(t *testing.T) {
	c, err := load(t, sufficient(
		"LEDGER_DATABASE_URL=postgres://user:p%40ssword99@host/db", "SYNC_NOTIFY_URL=slack://hook:T0123456789-abcdefghij@webhook",
	), everything)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"s3cr3t", "p@ssword99", "p%40ssword99", "abcdefghij"} {
		if !slices.Contains(c.Secrets, want) {
			t.Errorf("%s is not told to be one", want)
		}
	}
}
