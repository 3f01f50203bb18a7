package settings

import (
	"regexp"
	"time"

	"procore-assignee-sync/procore"
)

var companyID = regexp.MustCompile(`^[1-9][0-9]{0,18}$`)

// readProcore reads the settings that say how to reach Procore.
func (c *Config) readProcore(t texts, problems *problemList) {
	switch {
	case c.Company == "":
		problems.addMissing("PROCORE_COMPANY_ID", "is missing: set it to Procore's number of the company, the one in the address of its pages")
	case !companyID.MatchString(string(c.Company)):
		problems.add("PROCORE_COMPANY_ID", "is %q: a company's number is allowed, such as 4242", t.CompanyID)
	}
	if t.ClientID == "" {
		problems.missingSecret("PROCORE_CLIENT_ID", "the service account's client id")
	}
	if t.ClientSecret == "" {
		problems.missingSecret("PROCORE_CLIENT_SECRET", "the service account's client secret")
	}
	c.Procore = procore.Config{
		Company:        c.Company,
		ClientID:       t.ClientID.Reveal(),
		ClientSecret:   t.ClientSecret.Reveal(),
		Concurrency:    problems.whole("PROCORE_CONCURRENCY", t.Concurrency, 1, 64),
		Timeout:        problems.duration("PROCORE_TIMEOUT", t.Timeout, 100*time.Millisecond),
		MaxAttempts:    problems.whole("PROCORE_MAX_ATTEMPTS", t.MaxAttempts, 1, 20),
		ReservePercent: problems.whole("PROCORE_RESERVE_PERCENT", t.ReservePercent, 0, 99),
	}
	if u := problems.baseURL("PROCORE_API_URL", t.APIURL); u != nil {
		c.Procore.APIURL, c.Host = u.String(), identity(u)
	}
	if u := problems.baseURL("PROCORE_LOGIN_URL", t.LoginURL); u != nil {
		c.Procore.LoginURL = u.String()
	}
}

func (p *problemList) missingSecret(setting, what string) {
	if p.fileTold(setting) {
		return
	}
	p.addMissing(setting, "is missing: set it to %s, or %s_FILE to the path of a file that holds it", what, setting)
}
