package sandbox

import (
	"context"
	"io"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// maxBody is the most that is read of a request's body.
const maxBody = 8 << 20

// ServeHTTP answers over a real connection. The path may stand under any base path.
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
		// A caller who is gone hears nothing; there is nobody to tell.
		_, _ = w.Write(answer.body)
	}
}

// write sends what there is so far.
func write(w http.ResponseWriter, piece []byte) {
	// A caller who is gone hears nothing; there is nobody to tell.
	_, _ = w.Write(piece)
	_ = http.NewResponseController(w).Flush()
}

// reset ends the connection with a TCP reset where it can be reached, and otherwise (HTTP/2) aborts the answer.
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

// hang waits for the caller to give up, or for so long where told.
func hang(ctx context.Context, over time.Duration) {
	if over > 0 {
		pause(ctx, over)
		return
	}
	<-ctx.Done()
}

// splitBase parts a path into the base path under which this server stands and what is below it.
func splitBase(whole string) (under, below string) {
	whole = path.Clean("/" + whole)
	for _, start := range []string{"/rest/v", "/oauth/token"} {
		if at := strings.Index(whole, start); at >= 0 {
			return whole[:at], whole[at:]
		}
	}
	return "", whole
}
