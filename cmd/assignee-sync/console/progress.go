package console

import (
	"cmp"
	"fmt"
	"log/slog"
	gosync "sync"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Progress shows how far a job is: on a terminal in one line that is kept up to date; in a log when a phase or a wait
// for the rate limit begins, and every minute. It is safe for concurrent use.
type Progress struct {
	live     func(line string) // shows or erases the line; nil if there is no terminal
	log      *slog.Logger      // nil if there is no log
	location *time.Location

	mu     gosync.Mutex
	phase  string // empty if nothing is in progress that takes time
	done   int
	total  int                  // 0 if unknown
	begun  map[string]time.Time // the phases that have begun and not ended
	wait   procore.Wait
	drawn  time.Time // when the line was last drawn
	waited time.Time // when a wait was last logged
}

const (
	// livePace is the shortest time between two changes of the line, and liveTick the longest.
	livePace, liveTick = 100 * time.Millisecond, time.Second
	// logTick is the longest time for which a log is silent.
	logTick = time.Minute
)

// Progress returns a progress for one job: on a terminal in a line of its own, else in the log. Times are in the given
// location; nil means UTC. Call end when the job has ended.
func (c *Console) Progress(log *slog.Logger, location *time.Location) (p *Progress, end func()) {
	if c.terminal && !c.json.Load() {
		return newProgress(c.screen.show, nil, location)
	}
	return newProgress(nil, log, location)
}

func newProgress(live func(string), log *slog.Logger, location *time.Location) (p *Progress, end func()) {
	p = &Progress{live: live, log: log, location: cmp.Or(location, time.UTC), begun: map[string]time.Time{}}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		p.keepTelling(stop)
	}()
	return p, func() {
		close(stop)
		<-ended
		p.Phase("", 0, 0)
	}
}

// keepTelling updates the progress as time passes.
func (p *Progress) keepTelling(stop <-chan struct{}) {
	every := liveTick
	if p.live == nil {
		every = logTick
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
			p.mu.Lock()
			p.drawn = time.Time{}
			p.draw()
			if p.phase != "" {
				p.record()
			}
			p.mu.Unlock()
		}
	}
}

// Phase reports that a phase has begun, or how far it is: done of total, if total is not 0. An empty name means that
// there is nothing to wait for.
func (p *Progress) Phase(name string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name == "" || total > 0 && done >= total {
		delete(p.begun, name)
		p.phase, p.drawn = "", time.Time{}
		p.draw()
		return
	}
	_, goesOn := p.begun[name]
	p.phase, p.done, p.total = name, done, total
	if !goesOn {
		p.begun[name] = time.Now()
		p.drawn, p.waited = time.Time{}, time.Time{} // log its first wait, whatever the previous phase waited for
		p.record()
	}
	p.draw()
}

// Waits reports that the rate limit makes the job wait, or no longer does.
func (p *Progress) Waits(w procore.Wait) {
	p.mu.Lock()
	defer p.mu.Unlock()
	other := w.Window != p.wait.Window || p.wait.Over()
	p.wait = w
	// The ten-second window makes a large job wait six times a minute, so a log mentions it only once in each phase.
	if !w.Over() && other && time.Since(p.waited) >= logTick || w.Window == procore.WindowHourly && other {
		p.waited = time.Now()
		p.record()
	}
	if other {
		p.drawn = time.Time{}
	}
	p.draw()
}

// draw updates the line. The caller holds the lock.
func (p *Progress) draw() {
	if p.live == nil || time.Since(p.drawn) < livePace {
		return
	}
	p.drawn = time.Now()
	if p.phase == "" {
		p.live("")
		return
	}
	line := phaseText(p.phase)
	if p.total > 0 {
		line += fmt.Sprintf(" %d/%d", p.done, p.total)
	}
	if !p.wait.Over() {
		line += fmt.Sprintf(", waits until %s (%s) for %s", p.clock(p.wait.Until), left(p.wait.Until), windowText(p.wait.Window))
	}
	if ends := p.ends(); !ends.IsZero() {
		line += fmt.Sprintf(", ends at about %s", p.clock(ends))
	}
	p.live(line)
}

// record logs how far the job is. The caller holds the lock.
func (p *Progress) record() {
	if p.log == nil {
		return
	}
	text, attrs := "working", []any{}
	if p.phase != "" {
		text, attrs = phaseText(p.phase), append(attrs, "phase", p.phase)
	}
	if p.total > 0 {
		attrs = append(attrs, "done", p.done, "total", p.total)
	}
	if ends := p.ends(); !ends.IsZero() {
		attrs = append(attrs, "ends", ends.In(p.location).Round(time.Second))
	}
	if !p.wait.Over() {
		text += ", waits for " + windowText(p.wait.Window)
		attrs = append(attrs, "window", string(p.wait.Window), "until", p.wait.Until.In(p.location).Round(time.Second))
	}
	p.log.Info(text, attrs...)
}

// ends estimates when the phase will end if it continues at its pace, but not before the wait is over. It returns the
// zero time if there is no telling.
func (p *Progress) ends() time.Time {
	begun, known := p.begun[p.phase]
	if !known || p.done == 0 || p.total == 0 {
		return time.Time{}
	}
	took := time.Since(begun)
	if took < livePace {
		return time.Time{}
	}
	ends := time.Now().Add(took / time.Duration(p.done) * time.Duration(p.total-p.done))
	if ends.Before(p.wait.Until) {
		return p.wait.Until
	}
	return ends
}

func (p *Progress) clock(t time.Time) string {
	t = t.In(p.location)
	if now := time.Now().In(p.location); now.YearDay() != t.YearDay() {
		return t.Format("15:04 on 2 Jan")
	}
	if time.Until(t) < time.Minute {
		return t.Format("15:04:05")
	}
	return t.Format("15:04")
}

// left says how long it is until then.
func left(until time.Time) string {
	return sync.Lasting(max(0, time.Until(until).Round(time.Second)))
}

// phaseText says in words what a phase does.
func phaseText(phase string) string {
	switch phase {
	case "hr":
		return "reading HR data"
	case "snapshot":
		return "reading the company's projects, people and templates"
	case "preset lists":
		return "listing presets"
	case "presets", "templates", "template versions", "possible assignees":
		return "reading " + phase
	case "plan":
		return "planning"
	case "apply":
		return "writing presets"
	case "running":
		return "looking for running workflows"
	case "running workflows", "look":
		return "looking at running workflows"
	case "invitations":
		return "inviting successors"
	case "respond":
		return "responding"
	default:
		return phase
	}
}

// windowText says what a wait is for.
func windowText(w procore.WindowName) string {
	switch w {
	case procore.WindowHourly:
		return "the hourly limit"
	case procore.WindowShort:
		return "the ten-second limit"
	default:
		return "Procore, which asked to wait"
	}
}
