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
	first, err := l.lock(company, host, Holder{Host: "a", RunID: "one", Company: company})
	must(t, err)
	var held *HeldError
	if _, err := l.lock(company, host, Holder{RunID: "two"}); !errors.As(err, &held) || held.RunID != "one" || held.Company != company {
		t.Fatalf("got %v", err)
	}
	must(t, first())
	must(t, first())
	second, err := l.lock(company, host, Holder{RunID: "two"})
	must(t, err)
	must(t, second())
}

func TestCompaniesAndHostsHaveLocksOfTheirOwn(t *testing.T) {
	l := tempLedger(t)
	for _, of := range []struct {
		company procore.CompanyID
		host    string
	}{{company, host}, {company, "sandbox.example.com"}, {"2", host}, {"../2", host}} {
		release, err := l.lock(of.company, of.host, Holder{})
		must(t, err)
		defer func() { must(t, release()) }()
	}
	entries, err := filepath.Glob(filepath.Join(l.dir, ".lock-*"))
	must(t, err)
	want(t, "lock files", len(entries), 4)
}

func TestALockOfWhichNobodyKnowsTheHolderIsHeldAllTheSame(t *testing.T) {
	l := tempLedger(t)
	release, err := l.lock(company, host, Holder{RunID: "one"})
	must(t, err)
	defer func() { must(t, release()) }()
	must(t, os.WriteFile(l.holderPath(company, host), []byte(`{"run`), 0o600))
	var held *HeldError
	if _, err := l.lock(company, host, Holder{}); !errors.As(err, &held) || held.Holder != (Holder{}) {
		t.Fatalf("got %v", err)
	}
}

func TestALockOnAFileThatHasLostItsNameIsNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := tryLock(path)
	must(t, err)
	defer first.Close()
	want(t, "it has its name", isNamed(first), true)
	must(t, os.Remove(path))
	want(t, "a deleted file has its name", isNamed(first), false)
	second, err := tryLock(path)
	must(t, err)
	defer second.Close()
	want(t, "beside a new file", isNamed(first), false)
	want(t, "the new file", isNamed(second), true)
}

func TestALockFileThatWasDeletedDoesNotLetTwoRunsIn(t *testing.T) {
	l := tempLedger(t)
	release, err := l.lock(company, host, Holder{RunID: "one"})
	must(t, err)
	must(t, release())
	must(t, os.Remove(l.lockPath(company, host)))
	release, err = l.lock(company, host, Holder{RunID: "two"})
	must(t, err)
	defer func() { must(t, release()) }()
	if _, err := l.lock(company, host, Holder{}); err == nil {
		t.Error("two runs hold the lock")
	}
}
