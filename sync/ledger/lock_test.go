package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"procore-assignee-sync/procore"
)

func TestOneRunHoldsTheLockAtATime(t *testing.T) {
	l := tempLedger(t)
	first, err := l.Lock(company, host, Holder{Host: "a", RunID: "one", Company: company})
	must(t, err)
	var held *HeldError
	if _, err := l.Lock(company, host, Holder{RunID: "two"}); !errors.As(err, &held) || held.RunID != "one" || held.Company != company {
		t.Fatalf("got %v", err)
	}
	must(t, first())
	must(t, first())
	second, err := l.Lock(company, host, Holder{RunID: "two"})
	must(t, err)
	must(t, second())
}

func TestCompaniesAndHostsHaveLocksOfTheirOwn(t *testing.T) {
	l := tempLedger(t)
	for _, of := range []struct {
		company procore.CompanyID
		host    string
	}{{company, host}, {company, "sandbox.example.com"}, {"2", host}, {"../2", host}} {
		release, err := l.Lock(of.company, of.host, Holder{})
		must(t, err)
		defer func() { must(t, release()) }()
	}
	entries, err := filepath.Glob(filepath.Join(l.dir, ".lock-*"))
	must(t, err)
	want(t, "lock files", len(entries), 4)
}

func TestALockOfWhichNobodyKnowsTheHolderIsHeldAllTheSame(t *testing.T) {
	l := tempLedger(t)
	release, err := l.Lock(company, host, Holder{RunID: "one"})
	must(t, err)
	defer func() { must(t, release()) }()
	must(t, os.WriteFile(l.lockPath(company, host), []byte(`{"run`), 0o600))
	var held *HeldError
	if _, err := l.Lock(company, host, Holder{}); !errors.As(err, &held) || held.Holder != (Holder{}) {
		t.Fatalf("got %v", err)
	}
}

func TestALockOnAFileThatHasLostItsNameIsNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	opened, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	must(t, err)
	defer opened.Close()
	must(t, os.Remove(path))
	named, err := lockNamed(opened)
	must(t, err)
	want(t, "a deleted file has its name", named, false)
	other, err := openLocked(path)
	must(t, err)
	defer other.Close()
	if named, err := lockNamed(opened); err != nil || named {
		t.Errorf("beside a new file: %v, %v", named, err)
	}
	if named, err := lockNamed(other); err != nil || !named {
		t.Errorf("the new file: %v, %v", named, err)
	}
}

func TestALockFileThatWasDeletedDoesNotLetTwoRunsIn(t *testing.T) {
	l := tempLedger(t)
	release, err := l.Lock(company, host, Holder{RunID: "one"})
	must(t, err)
	must(t, release())
	must(t, os.Remove(l.lockPath(company, host)))
	release, err = l.Lock(company, host, Holder{RunID: "two"})
	must(t, err)
	defer func() { must(t, release()) }()
	if _, err := l.Lock(company, host, Holder{}); err == nil {
		t.Error("two runs hold the lock")
	}
}
