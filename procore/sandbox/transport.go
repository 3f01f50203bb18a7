package sandbox

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

// pieces is the number of pieces in which a slow body comes.
const pieces = 8

func inPieces(body []byte) [][]byte {
	cut := make([][]byte, 0, pieces)
	for i := range pieces {
		cut = append(cut, body[len(body)*i/pieces:len(body)*(i+1)/pieces])
	}
	return cut
}

// Transport answers in process, without a socket or a goroutine, and so in virtual time if the caller's time is
// virtual. Network faults appear as the errors that net/http would return.
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

// reader returns the body as the caller reads it.
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

// Read always returns io.ErrUnexpectedEOF.
func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// slowReader returns a body piece by piece.
type slowReader struct {
	ctx   context.Context
	left  [][]byte
	now   []byte
	every time.Duration
}

// Read returns what has arrived, and waits for the next piece if there is nothing.
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
