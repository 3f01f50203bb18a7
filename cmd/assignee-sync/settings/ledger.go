package settings

import "math"

// readLedger reads the settings that say where runs leave their records.
func (c *Config) readLedger(t texts, problems *problemList) {
	c.Ledger.Dir = t.LedgerDir
	c.Ledger.DatabaseURL = problems.databaseURL("LEDGER_DATABASE_URL", t.LedgerDatabaseURL, false)
	if t.KeepDays != "" {
		c.Ledger.KeepDays = problems.whole("LEDGER_KEEP_DAYS", t.KeepDays, 1, math.MaxInt32)
	}
	c.Ledger.Access = problems.truth("LEDGER_ACCESS", t.Access)
}
