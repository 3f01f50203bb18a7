package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
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
	log := NewLogger(&logged, Log{JSON: true})
	log.Info("settings", "secret", holder.Secret, "holder", holder, slog.Any("pointer", &holder))
	NewLogger(&logged, Log{}).Info("settings", "secret", holder.Secret, "holder", holder)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q", holder, holder, holder, holder.Secret, holder.Secret), string(encoded), logged.String(),
	} {
		if strings.Contains(text, value) {
			t.Errorf("it is in %s", text)
		}
	}
}

func TestWhatOthersRepeatOfASecretIsHidden(t *testing.T) {
	var out bytes.Buffer
	r := NewRedactor(&out)
	fmt.Fprintln(r, "before abcdefgh12345")
	r.Hide("abcdefgh12345", "short", "postgres://user:p%40ssword99@host/db")
	n, err := fmt.Fprintln(r, "invalid client abcdefgh12345, p@ssword99, p%40ssword99, short")
	if want := len("invalid client abcdefgh12345, p@ssword99, p%40ssword99, short\n"); err != nil || n != want {
		t.Errorf("wrote %d, %v; want %d", n, err, want)
	}
	if want := "before abcdefgh12345\ninvalid client (secret), (secret), (secret), short\n"; out.String() != want {
		t.Errorf("got %q", out.String())
	}
}
