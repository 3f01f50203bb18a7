package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// writings are ways in which others write a secret.
var writings = map[string]func(string) string{
	"as it is":            func(s string) string { return s },
	"query":               url.QueryEscape,
	"query, small digits": func(s string) string { return percent.ReplaceAllStringFunc(url.QueryEscape(s), strings.ToLower) },
	"path":                url.PathEscape,
	"user information":    func(s string) string { return url.UserPassword("id", s).String() },
	"form":                func(s string) string { return url.Values{"client_secret": {s}, "grant_type": {"x"}}.Encode() },
	"json": func(s string) string {
		b, _ := json.Marshal(map[string]string{"client_secret": s})
		return string(b)
	},
	"json in json": func(s string) string {
		b, _ := json.Marshal(map[string]string{"client_secret": s})
		b, _ = json.Marshal(string(b))
		return string(b)
	},
	"form in json": func(s string) string {
		b, _ := json.Marshal(url.Values{"client_secret": {s}}.Encode())
		return string(b)
	},
	"go":                   func(s string) string { return fmt.Sprintf("%q", "wrong secret "+s) },
	"go, ascii":            func(s string) string { return strconv.QuoteToASCII(s) },
	"html":                 func(s string) string { return html.EscapeString(s) },
	"json in html":         func(s string) string { b, _ := json.Marshal(s); return html.EscapeString(string(b)) },
	"base64":               func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 for URLs":      func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"basic authentication": func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte("id:"+s)) },
	"basic authentication as in OAuth": func(s string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte("client:"+url.QueryEscape(s)))
	},
	"the body in base64": func(s string) string {
		return base64.URLEncoding.EncodeToString([]byte("client_id=1&client_secret=" + s + "&grant_type=client_credentials"))
	},
	"text log": func(s string) string {
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("answer", "body", "{"+s+"}")
		return b.String()
	},
	"json log": func(s string) string {
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("answer " + s)
		return b.String()
	},
}

// left returns the text in which the secret can still be read, plainly or decoded, and nothing where it can not.
func left(out, secret string) string {
	candidates := []string{out}
	if plain, err := url.QueryUnescape(out); err == nil {
		candidates = append(candidates, plain)
	}
	candidates = append(candidates, html.UnescapeString(out))
	for _, c := range candidates {
		if strings.Contains(c, secret) {
			return c
		}
	}
	return ""
}

func TestASecretIsHiddenInEveryWayItIsWritten(t *testing.T) {
	names := make([]string, 0, len(writings))
	for name := range writings {
		names = append(names, name)
	}
	slices.Sort(names)
	letters := rapid.RuneFrom([]rune("abcXYZ019+/=&%?#@:;,.-_~!*'()\"\\<> $ßé€𝄞"))
	rapid.Check(t, func(t *rapid.T) {
		secret := strings.TrimSpace(rapid.StringOfN(letters, 12, 40, -1).Draw(t, "secret"))
		if len(secret) < anywhere || strings.Contains(strings.Repeat(Mark, 3), secret) {
			t.Skip("too short once trimmed")
		}
		name := rapid.SampledFrom(names).Draw(t, "written as")
		written := writings[name](secret)
		text := "before " + written + " after\n"

		var out bytes.Buffer
		w := NewWriter(&out)
		w.Hide("another one", secret)
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "bytes")
			if _, err := w.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		if !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after\n") {
			t.Fatalf("what is around the secret was lost: %q", got)
		}
		if still := left(got, secret); still != "" {
			t.Fatalf("written as %s it can be read in %q", name, got)
		}
		if !strings.Contains(got, Mark) {
			t.Fatalf("written as %s nothing was hidden in %q", name, got)
		}
		// In base64 the letters that the secret shares with its neighbours stay: one at each end.
		if strings.Contains(name, "base") && strings.Contains(got, written) {
			t.Fatalf("written as %s it stays in %q", name, got)
		}
	})
}

func TestWhatIsNoSecretStays(t *testing.T) {
	r := New("sync", "abc", "abcdefgh12345")
	for text, want := range map[string]string{
		"assignee-sync: sync, password=sync, resync, abc": "assignee-sync: (secret), password=(secret), resync, abc",
		"sync":                         "(secret)",
		"xabcdefgh12345y abcdefgh1234": "x(secret)y abcdefgh1234",
		"":                             "",
	} {
		if got := r.Text(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	var none *Replacer
	if got := none.Text("sync"); got != "sync" {
		t.Errorf("got %q", got)
	}
}

func TestAWriterThatKnowsNoSecretHoldsNothingBack(t *testing.T) {
	var out bytes.Buffer
	w := NewWriter(&out)
	fmt.Fprint(w, "no newline")
	if out.String() != "no newline" {
		t.Errorf("got %q", &out)
	}
	w.Hide("abcdefgh12345")
	n, err := fmt.Fprint(w, ", nor here: ")
	if err != nil || n != len(", nor here: ") || out.String() != "no newline, nor here: " {
		t.Errorf("got %q, %d, %v", &out, n, err)
	}
	fmt.Fprint(w, "abcde")
	if out.String() != "no newline, nor here: " {
		t.Errorf("the beginning of a secret was written: %q", &out)
	}
	if err := w.Flush(); err != nil || out.String() != "no newline, nor here: abcde" {
		t.Errorf("got %q, %v", &out, err)
	}
}

func TestNoPartOfADatabasesPasswordIsLeft(t *testing.T) {
	for address, said := range map[string][]string{
		"postgres://hrsync:Sunny@Meadow77@db.hr.example:5432/hr":  {"host Meadow77@db.hr.example is not known", "Sunny", "Sunny%40Meadow77"},
		"postgres://hrsync:1234/Meadow77@db.hr.example:5432/hr":   {"database Meadow77@db.hr.example", "at hrsync:1234/"},
		"postgres://hr@tenant:Sunny:Meadow@db.hr.example:5432/hr": {"password Sunny:Meadow", "Sunny", "Meadow"},
		"postgres://hrsync:p%40ssword99@db/hr":                    {"p@ssword99", "p%40ssword99", "p%2540ssword99"},
		"postgres://db/hr?user=a&password=Sunny+Meadow":           {"Sunny Meadow", "Sunny+Meadow"},
		"host=db user=hr password='Sunny Meadow' dbname=hr":       {"Sunny Meadow"},
		"Server=db;User Id=hr;Password=SunnyMeadow;Database=hr":   {"SunnyMeadow"},
		"jdbc:postgresql://db/hr?user=hr&password=SunnyMeadow":    {"SunnyMeadow"},
	} {
		r := New(DatabaseURL(address)...)
		for _, text := range append(said, address) {
			got := r.Text(text)
			for _, part := range []string{"Sunny", "Meadow", "1234", "ssword99"} {
				if strings.Contains(got, part) {
					t.Errorf("%s: %q is left of %q", address, got, text)
				}
			}
		}
	}
}

func TestNoKeyOfAServicesURLIsLeft(t *testing.T) {
	for address, said := range map[string][]string{
		"slack://hook:T0123456789-B0123456789-abcdefghij@webhook": {"https://hooks.slack.com/services/T0123456789/B0123456789/abcdefghij"},
		"generic+https://hooks.example.com/x/abcdefghij?key=k%2Fk34567890": {
			"post https://hooks.example.com/x/abcdefghij: refused", "k/k34567890", "k%2Fk34567890",
		},
		"smtp://me:abcdefghij@mail.example.com:587/?from=a@example.com": {"535 for abcdefghij"},
	} {
		r := New(ServiceURL(address)...)
		for _, text := range append(said, address) {
			got := r.Text(text)
			for _, part := range []string{"T0123456789", "B0123456789", "abcdefghij", "k34567890"} {
				if strings.Contains(got, part) {
					t.Errorf("%s: %q is left of %q", address, got, text)
				}
			}
		}
		if strings.Contains(address, "hooks.example.com") && !strings.Contains(r.Text(said[0]), "hooks.example.com") {
			t.Errorf("the host is hidden: %q", r.Text(said[0]))
		}
	}
}
