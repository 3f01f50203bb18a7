package guide

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"procore-assignee-sync/sync"
)

var update = flag.Bool("update", false, "write docs/administrator.md anew")

// declared returns the values of all constants of a type that package sync declares.
func declared(t *testing.T, typeName string) []string {
	t.Helper()
	ours := func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }
	packages, err := parser.ParseDir(token.NewFileSet(), "../..", ours, parser.SkipObjectResolution) //nolint:staticcheck // one folder, no build tags
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(packages["sync"], func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != typeName {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		return true
	})
	return values
}

func TestEveryKindAndGateHasOneGuideAndNoGuideIsOfNothing(t *testing.T) {
	for typeName, topics := range map[string][]Topic{"Kind": exceptionTopics, "GateName": gateTopics} {
		var guided []string
		for _, topic := range topics {
			for _, g := range topic.Entries {
				guided = append(guided, g.Name)
				if g.Means == "" || g.Ends == "" {
					t.Errorf("the guide to %s does not say what it means, or how the run ends", g.Name)
				}
				if strings.HasSuffix(g.Means, ".") || strings.HasSuffix(g.Todo, ".") {
					t.Errorf("the guide to %s ends in a full stop: it is shown inside of sentences", g.Name)
				}
			}
		}
		want := declared(t, typeName)
		if len(want) < 10 {
			t.Fatalf("%d constants of type %s were found: the test looks in the wrong place", len(want), typeName)
		}
		slices.Sort(want)
		slices.Sort(guided)
		if diff := gocmp.Diff(want, guided); diff != "" {
			t.Errorf("guides (+) and constants of type %s (-):\n%s", typeName, diff)
		}
	}
}

func TestWhatHappenedToOneWriteCannotBeAcceptedAndEverythingElseCan(t *testing.T) {
	for _, topic := range exceptionTopics {
		for _, g := range topic.Entries {
			file := "kind,subject,until,why\n" + g.Name + ",a subject,2030-01-31,known\n"
			_, err := sync.ReadAcceptances("accepted.csv", strings.NewReader(file))
			if (err != nil) != (g.Ends == Event) {
				t.Errorf("%s ends %q, and accepting it says: %v", g.Name, g.Ends, err)
			}
		}
	}
}

func TestWhichKindIsAHoldIsReadBackFromAReason(t *testing.T) {
	for _, topic := range exceptionTopics {
		for _, g := range topic.Entries {
			if got := sync.ReadReason(g.Name + ": left").Hold; (got != "") != strings.HasPrefix(g.Name, "held_") {
				t.Errorf("the hold of a reason that begins with %s is read back as %q", g.Name, got)
			}
		}
	}
}

const (
	handbook   = "../../../docs/administrator.md"
	tableBegin = "<!-- What follows is made from sync/report/guide: go test ./sync/report/guide -run Handbook -update -->\n"
)

func TestTheAdministratorsHandbookIsMadeFromTheGuide(t *testing.T) {
	text, err := os.ReadFile(handbook)
	if err != nil {
		t.Fatal(err)
	}
	above, made, found := strings.Cut(string(text), tableBegin)
	if !found {
		t.Fatalf("%s has no line %q", handbook, tableBegin)
	}
	var want bytes.Buffer
	writeTopics(&want, "Exceptions", "kind", exceptionTopics)
	writeTopics(&want, "Gates", "gate", gateTopics)
	if *update {
		if err := os.WriteFile(handbook, []byte(above+tableBegin+want.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(want.String(), made); diff != "" {
		t.Errorf("%s is not what the guide says; go test ./sync/report/guide -run Handbook -update mends it:\n%s", handbook, diff)
	}
}

func writeTopics(w *bytes.Buffer, title, column string, topics []Topic) {
	fmt.Fprintf(w, "\n## %s\n", title)
	for _, topic := range topics {
		fmt.Fprintf(w, "\n### %s\n\n| %s | what it means | what to do | how the run ends |\n| --- | --- | --- | --- |\n", topic.Title, column)
		for _, g := range topic.Entries {
			fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", g.Name, g.Means, cmp.Or(g.Todo, "nothing"), g.Ends)
		}
	}
}
