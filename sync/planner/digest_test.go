package planner

import (
	"errors"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// samplePlan is what the digest's golden value stands for.
func samplePlanOf(t *testing.T) *sync.Plan {
	limit := 1
	return newCompany(t).project("501", "24-001").users("1=ann", "2=bob", "3=cy").hr("ann,Legal", "bob,Legal").
		preset("501", "7001", "g9: 3=cy", "g1: 2=bob 3=cy").policy(func(p *sync.Policy) { p.MaxRemovals = &limit }).plan()
}

// A digest that someone was sent to approve must mean the same plan after an upgrade. If it has to change, the text
// that it begins with must too.
func TestTheDigestIsStable(t *testing.T) {
	want(t, "digest", samplePlanOf(t).Digest, "e5fcf31cf9b17c5493f5f9207466c84eff4bd1b036985cd63674079de78b9f86")
}

func TestTheDigestCoversWhatIsApproved(t *testing.T) {
	zero := 0
	for _, c := range []struct {
		name   string
		change func(*sync.Plan)
		other  bool
	}{
		{"company", func(p *sync.Plan) { p.Company = "98" }, true},
		{"host", func(p *sync.Plan) { p.Host = "sandbox.procore.com" }, true},
		{"mode", func(p *sync.Plan) { p.Mode = sync.Additive }, true},
		{"group limit", func(p *sync.Plan) { p.Limits.MaxGroupRemovalPercent++ }, true},
		{"percentage", func(p *sync.Plan) { p.Limits.MaxRemovalPercent++ }, true},
		{"no limit", func(p *sync.Plan) { p.Limits.MaxRemovals = nil }, true},
		{"limit", func(p *sync.Plan) { p.Limits.MaxRemovals = &zero }, true},
		{"additions", func(p *sync.Plan) { p.Limits.MaxAdditionPercent++ }, true},
		{"empty groups", func(p *sync.Plan) { p.Limits.AllowEmptyGroups = true }, true},
		{"tripped gates", func(p *sync.Plan) { p.Gates = append(p.Gates, sync.TrippedGate{Gate: sync.GateMaxAge}) }, true},
		{"preset", func(p *sync.Plan) { p.Presets[0].Ref.Preset = "7002" }, true},
		{"project", func(p *sync.Plan) { p.Presets[0].Ref.Project = "502" }, true},
		{"version", func(p *sync.Plan) { p.Presets[0].VersionID = "101" }, true},
		{"group", func(p *sync.Plan) { p.Presets[0].Groups[0].UUID = "g2" }, true},
		{"before", func(p *sync.Plan) { p.Presets[0].Groups[0].Before[0] = "9" }, true},
		{"after", func(p *sync.Plan) { p.Presets[0].Groups[0].After = []procore.LoginID{"2"} }, true},
		{"hold", func(p *sync.Plan) { p.Presets[0].Groups[0].Hold = sync.HeldEmptyGroup }, true},
		{"a gate's figures", func(p *sync.Plan) { p.Gates = []sync.TrippedGate{} }, false},
		{"HR's line numbers", func(p *sync.Plan) { p.Changes[0].Source = sync.Positions{"hr.csv:99"} }, false},
		{"HR's fingerprint and time", func(p *sync.Plan) { p.Roster.Fingerprint, p.Roster.UpdatedAt = "f2", time.Now() }, false},
		{"names", func(p *sync.Plan) { p.Presets[0].ProjectName, p.Presets[0].Groups[0].Name = "x", "y" }, false},
		{"groups that are not managed", func(p *sync.Plan) { p.Presets[0].Write[0].LoginIDs = nil }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := samplePlanOf(t)
			before := p.Digest
			c.change(p)
			p.Seal()
			want(t, "the digest differs", p.Digest != before, c.other)
		})
	}
}

func TestTheDigestDoesNotHangOnTheOrderOfGates(t *testing.T) {
	p := samplePlanOf(t)
	p.Gates = []sync.TrippedGate{{Gate: sync.GateMinRows, Figure: "1"}, {Gate: sync.GateMaxAge}}
	p.Seal()
	before := p.Digest
	p.Gates = []sync.TrippedGate{{Gate: sync.GateMaxAge}, {Gate: sync.GateMinRows, Figure: "2"}}
	p.Seal()
	want(t, "digest", p.Digest, before)
}

func TestADigestIsAtLeastTwelveHexDigits(t *testing.T) {
	p := samplePlanOf(t)
	for _, c := range []struct {
		text         string
		ok, approves bool
	}{
		{p.Digest, true, true},
		{p.Digest[:12], true, true},
		{" " + strings.ToUpper(p.Digest[:20]) + "\n", true, true},
		{p.Digest[:11], false, false},
		{p.Digest + "0", false, false},
		{"", false, false},
		{"0123456789abcdefg", false, false},
		{"latest", false, false},
		{"000000000000", true, false},
		{p.Digest[1:13], true, false},
	} {
		prefix, err := sync.ParseDigest(c.text)
		var wrong *sync.DigestError
		switch {
		case c.ok && err != nil, !c.ok && (!errors.As(err, &wrong) || wrong.ExitCode() != sync.ExitUsage):
			t.Errorf("ParseDigest(%q) gives %v, want ok: %v", c.text, err, c.ok)
		case c.ok && p.ApprovedBy(prefix) != c.approves:
			t.Errorf("%q approves: %v, want %v", c.text, !c.approves, c.approves)
		}
	}
	if p.ApprovedBy("") {
		t.Error("nothing approves a plan")
	}
}

func TestAPlanFileThatIsNotAsItWasWrittenIsRefused(t *testing.T) {
	good := planBytes(t, samplePlanOf(t))
	if _, err := sync.DecodePlanFile(good); err != nil {
		t.Fatal(err)
	}
	edit := func(from, to string) []byte { return []byte(strings.Replace(string(good), from, to, 1)) }
	for _, c := range []struct {
		name string
		file []byte
		says string
	}{
		{"empty", nil, "damaged or cut short"},
		{"no JSON", []byte("plan"), "damaged or cut short"},
		{"another JSON", []byte(`{"a":1}`), "not a saved plan"},
		{"cut short", good[:len(good)/2], "damaged or cut short"},
		{"its last newline is lost", good[:len(good)-1], "edited or damaged"},
		{"something follows", append(append([]byte{}, good...), '\n'), "edited or damaged"},
		{"another person", edit(`"login_ids":["3"]`, `"login_ids":["4"]`), "edited or damaged"},
		{"a field more", edit(`"schema":2,`, `"schema":2,"x":1,`), "damaged"},
		{"other spaces", edit(`"schema":2,`, `"schema": 2,`), "edited or damaged"},
		{"another schema", edit(`"schema":2,`, `"schema":1,`), "schema 1"},
		{"no plan", []byte(`{"schema":2}`), "holds no plan"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sync.DecodePlanFile(c.file)
			var wrong *sync.PlanFileError
			if !errors.As(err, &wrong) || wrong.ExitCode() != sync.ExitConfig {
				t.Fatalf("error %v, want a *PlanFileError", err)
			}
			mentions(t, err.Error(), c.says)
		})
	}
}

func TestASavedPlanIsJudgedAgain(t *testing.T) {
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	saved := func(t *testing.T, c *company) *sync.Plan {
		f, err := sync.DecodePlanFile(planBytes(t, c.plan()))
		if err != nil {
			t.Fatal(err)
		}
		return f.Plan
	}
	limit := 0
	t.Run("a gate that refused it still does", func(t *testing.T) {
		c := crowded(t, 2, 1).policy(func(p *sync.Policy) { p.AllowFirstRun = false })
		p := saved(t, c)
		digest := p.Digest
		if err := p.Rejudge(c.in.Policy, sync.Baseline{Last: &sync.PassedRun{}}, now); err != nil {
			t.Fatal(err)
		}
		wantGates(t, p, sync.GateFirstRun)
		want(t, "digest", p.Digest, digest)
	})
	t.Run("a roster that has become too old refuses it, under a new digest", func(t *testing.T) {
		c := crowded(t, 2, 1).policy(func(p *sync.Policy) { p.MaxAge = time.Hour })
		c.in.Roster.UpdatedAt = now
		p := saved(t, c)
		digest := p.Digest
		if err := p.Rejudge(c.in.Policy, sync.Baseline{}, now.Add(2*time.Hour)); err != nil {
			t.Fatal(err)
		}
		wantGates(t, p, sync.GateMaxAge)
		if p.Digest == digest || p.Digest != sealed(p) {
			t.Error("the digest is not that of the plan as judged now")
		}
	})
	t.Run("its figures are worked out anew", func(t *testing.T) {
		c := crowded(t, 2, 1).policy(func(p *sync.Policy) { p.MaxRemovals = &limit })
		p := saved(t, c)
		p.Gates, p.Counts = []sync.TrippedGate{}, sync.PlanCounts{}
		p.Seal()
		if err := p.Rejudge(c.in.Policy, sync.Baseline{}, now); err != nil {
			t.Fatal(err)
		}
		wantGates(t, p, sync.GateRemovals)
		want(t, "wanted removals", p.Counts.WantedRemovals, 1)
	})
	t.Run("its own limits count", func(t *testing.T) {
		c := crowded(t, 2, 1)
		p := saved(t, c)
		if err := p.Rejudge(sync.Policy{AllowFirstRun: true, Limits: sync.Limits{MaxRemovals: &limit}, MaxShrinkPercent: 20}, sync.Baseline{}, now); err != nil {
			t.Fatal(err)
		}
		wantGates(t, p)
	})
	for name, spoil := range map[string]func(*sync.Plan){
		"another digest":                   func(p *sync.Plan) { p.Digest = strings.Repeat("0", 64) },
		"what is sent is not planned":      func(p *sync.Plan) { p.Presets[0].Write[0].LoginIDs = nil },
		"sent without a difference":        func(p *sync.Plan) { p.Presets[1].Write = p.Presets[0].Write },
		"not sent in spite of one":         func(p *sync.Plan) { p.Presets[0].Write = nil },
		"a group is sent twice":            func(p *sync.Plan) { p.Presets[0].Write = append(p.Presets[0].Write, p.Presets[0].Write[0]) },
		"a held group changes":             func(p *sync.Plan) { p.Presets[0].Groups[0].Hold = sync.HeldEmptyGroup; p.Seal() },
		"someone else is planned than was": func(p *sync.Plan) { p.Presets[0].Groups[0].After = []procore.LoginID{"9"}; p.Seal() },
	} {
		t.Run(name, func(t *testing.T) {
			c := crowded(t, 2, 1)
			p := saved(t, c)
			spoil(p)
			err := p.Rejudge(c.in.Policy, c.in.Baseline, now)
			var wrong *sync.PlanFileError
			if !errors.As(err, &wrong) {
				t.Fatalf("error %v, want a *PlanFileError", err)
			}
		})
	}
}

// sealed is the digest of the plan as it is now.
func sealed(p *sync.Plan) string {
	again := *p
	again.Seal()
	return again.Digest
}
