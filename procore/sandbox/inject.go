package sandbox

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// withFaults does a request, with everything that goes wrong.
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
		r = f.corrupt(c, r)
	}
	return r
}

// replaces reports whether the fault replaces the answer.
func (f Fault) replaces() bool {
	switch f.Kind {
	case FaultStatus, FaultRedirect, FaultRefuse, FaultReset, FaultTimeout:
		return true
	default:
		return false
	}
}

// replace returns the fault instead of the answer, after doing what was asked if the fault says so.
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

// corrupt does to an answer what the network, or a proxy in between, may do.
func (f Fault) corrupt(c *call, r reply) reply {
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

// corruptPage changes which rows a page has, and which page its link to the next one names.
func (set faultSet) corruptPage(first, end, next, per int) (int, int, int) {
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

func (set faultSet) corruptTotal(total int) int {
	if set.has(FaultMovingTotal) {
		return total + 1
	}
	return total
}

// maxBody is how much of a request's body is read at most.
const maxBody = 8 << 20

// ServeHTTP answers over a real connection. The path may begin with any base path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	under, below := splitBase(r.URL.Path)
	answer := s.answer(r.Context(), r.Method, scheme+"://"+r.Host+under, below, r.URL.RawQuery, r.Header, body)
	switch answer.effect {
	case effectRefuse, effectReset:
		reset(w)
		return
	case effectHang:
		hang(r.Context(), answer.over)
		reset(w)
		return
	}
	header := w.Header()
	for name, values := range answer.header {
		header[name] = values
	}
	header.Set("Content-Length", strconv.Itoa(len(answer.body)))
	w.WriteHeader(answer.status)
	switch answer.effect {
	case effectTruncate:
		write(w, answer.body[:len(answer.body)/2])
		reset(w)
	case effectSlow:
		for _, piece := range inPieces(answer.body) {
			if !pause(r.Context(), answer.over/pieces) {
				return
			}
			write(w, piece)
		}
	default:
		// If the caller has gone, there is nobody to report an error to.
		_, _ = w.Write(answer.body)
	}
}

// write sends what there is so far.
func write(w http.ResponseWriter, piece []byte) {
	// If the caller has gone, there is nobody to report an error to.
	_, _ = w.Write(piece)
	_ = http.NewResponseController(w).Flush()
}

// reset ends the connection with a TCP reset if it can be reached, and otherwise (HTTP/2) aborts the answer.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// hang waits until the caller gives up, or for the given time.
func hang(ctx context.Context, over time.Duration) {
	if over > 0 {
		pause(ctx, over)
		return
	}
	<-ctx.Done()
}

// splitBase splits a path into the base path under which this server is and the rest.
func splitBase(whole string) (under, below string) {
	whole = path.Clean("/" + whole)
	for _, start := range []string{"/rest/v", "/oauth/token"} {
		if at := strings.Index(whole, start); at >= 0 {
			return whole[:at], whole[at:]
		}
	}
	return "", whole
}
