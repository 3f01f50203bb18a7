package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
)

// withFaults does a request with all that goes wrong.
func (s *Server) withFaults(c *call) reply {
	for _, f := range c.faults {
		switch f.Kind {
		case FaultRevoke:
			s.tokens.revoke()
		case FaultEdit:
			s.editByHand(c, f)
		}
	}
	if c.op != opCreateToken && !pause(c.ctx, s.opts.Latency) {
		return reply{effect: effectHang}
	}
	for _, f := range c.faults {
		if f.replaces() {
			return s.replace(c, f)
		}
	}
	r := s.process(c)
	for _, f := range c.faults {
		r = f.spoil(c, r)
	}
	return r
}

// replaces says whether the fault takes the place of the answer.
func (f Fault) replaces() bool {
	switch f.Kind {
	case FaultStatus, FaultRedirect, FaultRefuse, FaultReset, FaultTimeout:
		return true
	default:
		return false
	}
}

// replace gives the fault in place of the answer, after doing what was asked if the fault says so.
func (s *Server) replace(c *call, f Fault) reply {
	if f.Applied {
		s.process(c)
	}
	switch f.Kind {
	case FaultRefuse:
		return reply{effect: effectRefuse}
	case FaultReset:
		return reply{effect: effectReset}
	case FaultTimeout:
		return reply{effect: effectHang, over: f.Delay}
	case FaultRedirect:
		return reply{status: http.StatusFound, header: http.Header{"Location": {elsewhere + c.Path + "?" + c.Query}}}
	}
	if f.Status == http.StatusNotModified { // which has no body (RFC 9110, section 15.4.5)
		return reply{status: f.Status, header: make(http.Header)}
	}
	r := c.fail(f.Status, "Something went wrong on purpose: "+strconv.Itoa(f.Status)+" "+http.StatusText(f.Status)+".")
	if f.RetryAfter != "" {
		r.header.Set("Retry-After", f.RetryAfter)
	}
	return r
}

// spoil does to an answer what the network, or a proxy on the way, may do.
func (f Fault) spoil(c *call, r reply) reply {
	if r.effect != effectNone {
		return r
	}
	switch f.Kind {
	case FaultSlow:
		r.effect, r.over = effectSlow, f.Delay
	case FaultTruncate:
		r.effect = effectTruncate
	case FaultHTML: // a proxy's, which knows nothing of Procore's headers
		r.status = http.StatusOK
		r.header = http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Server": {"sandbox-proxy"}}
		r.body = []byte("<!DOCTYPE html>\n<title>Down for maintenance</title>\n<p>We will be back soon.</p>\n")
	case FaultContentType:
		r.header.Set("Content-Type", "text/html; charset=utf-8")
	case FaultForeignLink:
		r.header.Set("Link", fmt.Sprintf("<%s%s?page=2>; rel=%q", elsewhere, c.Path, "next"))
	case FaultInvalidJSON:
		r.status = http.StatusOK
		r.body = r.body[:len(r.body)/2]
	}
	return r
}

// spoilPage changes which rows a page gives, and which page its link to the next names.
func (set faultSet) spoilPage(first, end, next, per int) (int, int, int) {
	if set.has(FaultRepeatPage) {
		if first > 0 {
			end = first
			first = max(first-per, 0)
		}
		next--
	}
	if set.has(FaultShortPage) && end > first {
		end--
	}
	return first, end, next
}

func (set faultSet) spoilTotal(total int) int {
	if set.has(FaultMovingTotal) {
		return total + 1
	}
	return total
}
