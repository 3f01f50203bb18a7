package settings

import (
	"net/url"

	"procore-assignee-sync/cmd/assignee-sync/notify"
)

// readNotify reads the settings about whom to tell how an apply ended. The address is never shown, since with most
// services it works like a password.
func (c *Config) readNotify(t texts, problems *problemList) {
	c.Notify.Always = problems.oneOf("SYNC_NOTIFY_ON", t.NotifyOn, "problem", "always") == "always"
	if t.NotifyURL == "" {
		return
	}
	u, err := url.Parse(t.NotifyURL.Reveal())
	switch {
	case err != nil || u.Scheme == "" || u.Opaque != "":
		problems.add("SYNC_NOTIFY_URL", "is no URL: something like slack://…, teams://…, smtp://… or generic+https://… is allowed")
		return
	case !notify.Known(u.Scheme):
		problems.add("SYNC_NOTIFY_URL", "names no service by its first part, before ://: something like slack://…, teams://…, "+
			"smtp://… or generic+https://… is allowed")
		return
	}
	c.Notify.URL = t.NotifyURL
}
