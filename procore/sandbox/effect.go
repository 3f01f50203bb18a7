package sandbox

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// maxBody is the most that is read of a request's body.
const maxBody = 8 << 20

// pieces is how many pieces a slow body comes in.
const pieces = 8

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

func inPieces(body []byte) [][]byte {
	cut := make([][]byte, 0, pieces)
	for i := range pieces {
		cut = append(cut, body[len(body)*i/pieces:len(body)*(i+1)/pieces])
	}
	return cut
}

// Transport answers in process: no socket, no goroutine, and so in virtual time where the caller's time is virtual.
// What a network does shows as the errors that net/http would give.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip answers one request.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	body, err := readRequest(r)
	if err != nil {
		return nil, err
	}
	under, below := splitBase(r.URL.Path)
	answer := t.server.answer(ctx, r.Method, r.URL.Scheme+"://"+r.URL.Host+under, below, r.URL.RawQuery, r.Header, body)
	switch answer.effect {
	case effectRefuse:
		return nil, netError("dial", "connect", syscall.ECONNREFUSED)
	case effectReset:
		return nil, netError("read", "read", syscall.ECONNRESET)
	case effectHang:
		hang(ctx, answer.over)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, netError("read", "read", syscall.ECONNRESET)
	}
	return &http.Response{
		Status:        strconv.Itoa(answer.status) + " " + http.StatusText(answer.status),
		StatusCode:    answer.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        answer.header,
		Body:          answer.reader(ctx),
		ContentLength: int64(len(answer.body)),
		Request:       r,
	}, nil
}

func readRequest(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if closed := r.Body.Close(); err == nil {
		err = closed
	}
	return body, err
}

func netError(op, call string, errno syscall.Errno) error {
	return &net.OpError{Op: op, Net: "tcp", Err: os.NewSyscallError(call, errno)}
}

// reader gives the body as the caller reads it.
func (r reply) reader(ctx context.Context) io.ReadCloser {
	switch r.effect {
	case effectTruncate:
		half := bytes.NewReader(r.body[:len(r.body)/2])
		return io.NopCloser(io.MultiReader(half, brokenReader{}))
	case effectSlow:
		return io.NopCloser(&slowReader{ctx: ctx, left: inPieces(r.body), every: r.over / pieces})
	default:
		return io.NopCloser(bytes.NewReader(r.body))
	}
}

// brokenReader is a connection that ended too early.
type brokenReader struct{}

// Read never gives anything.
func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// slowReader gives a body piece by piece.
type slowReader struct {
	ctx   context.Context
	left  [][]byte
	now   []byte
	every time.Duration
}

// Read gives what has come, and waits for the next piece where there is nothing.
func (s *slowReader) Read(into []byte) (int, error) {
	for len(s.now) == 0 {
		if len(s.left) == 0 {
			return 0, io.EOF
		}
		if !pause(s.ctx, s.every) {
			return 0, context.Cause(s.ctx)
		}
		s.now, s.left = s.left[0], s.left[1:]
	}
	n := copy(into, s.now)
	s.now = s.now[n:]
	return n, nil
}
