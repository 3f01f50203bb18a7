package settings

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

func TestAnEnvFileIsTakenAsItStands(t *testing.T) {
	text := "\uFEFF# settings\r\n\n" + `PLAIN = a b  # comment
export EXPORTED=1
HASH=a#b
DOLLAR=pa$$word$HOME${X}
SINGLE='pa$$ "x" \n # no comment' # comment
DOUBLE="line\nnext \"q\" \$5 \d ü\ü"
EMPTY=
EMPTYQUOTED=""
EQUALS=a=b=c
`
	got, err := parseEnvFile([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"PLAIN": "a b", "EXPORTED": "1", "HASH": "a#b", "DOLLAR": "pa$$word$HOME${X}",
		"SINGLE": `pa$$ "x" \n # no comment`, "DOUBLE": "line\nnext \"q\" $5 \\d ü\\ü",
		"EMPTY": "", "EMPTYQUOTED": "", "EQUALS": "a=b=c",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnEnvFileIsReadAsPowerShellWritesIt(t *testing.T) {
	want := map[string]string{"A": "1", "B": "größer"}
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		got, err := parseEnvFile(utf16(t, order, "A=1\r\nB=größer\r\n"))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v, -want +got:\n%s", err, diff)
		}
	}
}

func TestAnEnvFileThatIsWrongIsRefusedWithoutShowingTheLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no equals sign", "A=1\n\nhunter2hunter2\n", "line 3: expected NAME=value"},
		{"bad name", "hunter2-x=1", "line 1: expected NAME=value"},
		{"twice", "A=hunter2\nA=hunter2\n", "line 2: A is set a second time"},
		{"open quote", `A="hunter2`, `line 1: A: the closing " is missing; a value is one line`},
		{"UTF-16 without a mark", "A\x00=\x001\x00\n\x00", "it holds NUL bytes, as UTF-16 without a byte-order mark does: save it as UTF-8"},
		{"no UTF-8", "A=gr\xf6\xdfer\n", "it holds bytes that are no UTF-8: save it as UTF-8"},
		{"cut UTF-16", "\xff\xfeA\x00=", "it holds characters that can't be decoded: save it as UTF-8"},
		{"after the quote", `A='hunter2'hunter2`, `line 1: A: there is text after the closing '`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseEnvFile([]byte(c.text))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func FuzzParseEnvFile(f *testing.F) {
	f.Add("A=1\nexport B='x'\nC=\"\\n\" # c\n")
	f.Add("A=\"")
	f.Add("\xff=\x00")
	f.Add("\xff\xfeA\x00=\x001\x00")
	f.Fuzz(func(t *testing.T, text string) {
		values, err := parseEnvFile([]byte(text))
		if err != nil {
			return
		}
		for name, value := range values {
			if !envName.MatchString(name) {
				t.Errorf("took the name %q", name)
			}
			// What was read comes back when it is written in double quotes.
			quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value)
			if strings.ContainsAny(value, "\r") {
				continue
			}
			again, err := envValue(`"` + quoted + `"`)
			if err != nil || again != value {
				t.Errorf("%q came back as %q, %v", value, again, err)
			}
		}
	})
}

func TestALineOfAnEnvFileReadsBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := trim(rapid.StringMatching(`[ a-zÄ0-9#'"\\$=,|;:.-]{0,30}`).Draw(t, "value"))
		got, err := parseEnvFile([]byte(EnvLine("NAME", value) + "\n"))
		if err != nil || got["NAME"] != value {
			t.Fatalf("%s came back as %q, %v", EnvLine("NAME", value), got["NAME"], err)
		}
	})
}
