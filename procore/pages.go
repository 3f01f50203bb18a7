package procore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"
)

const (
	// maxReadings is how often a list that changes while it is being read is read in total.
	maxReadings = 4
	// smallestCeiling is the smallest number of rows on a full page that any of Procore's lists has.
	smallestCeiling = 100
	// maxPages bounds a list that never ends.
	maxPages = 10_000
)

// errListChanged says that rows moved between pages while they were read.
var errListChanged = errors.New("the list changes while it is read")

// listing is how one list is read.
type listing[T any] struct {
	call
	perPage  int                       // rows to ask for on a page; 0 if the list has no pages
	numbered bool                      // the parameter page is documented for the list
	cursor   bool                      // unless page is sent, the list goes by a cursor, and its pages may be empty
	rows     func(answer) ([]T, error) // the rows of one page
	key      func(T) string            // identifies a row; nil if nothing does
}

// all yields the rows of a list that was read to its end. If it could not be, it yields only the error.
func all[T any](ctx context.Context, c *Client, l listing[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		rows, err := readList(ctx, c, l)
		if err != nil {
			var zero T
			yield(zero, err)
			return
		}
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// readList reads a list, starting again if it changes in the meantime.
func readList[T any](ctx context.Context, c *Client, l listing[T]) ([]T, error) {
	for reading := 1; ; reading++ {
		p := pages[T]{listing: l, client: c, total: -1, keys: make(map[string]bool), urls: make(map[string]bool)}
		err := p.readAll(ctx)
		if err == nil {
			return p.got, nil
		}
		if !errors.Is(err, errListChanged) {
			return nil, err
		}
		if reading >= maxReadings {
			return nil, p.fail(fmt.Sprintf("the list changed each of %d times that it was read", maxReadings))
		}
		c.cfg.Logger.Info("a list changed while it was read, reading it again", "endpoint", l.endpoint)
		if err := c.Pause(ctx, reading+1, err); err != nil {
			return nil, err
		}
	}
}

// pages is one reading of a list.
type pages[T any] struct {
	listing[T]
	client *Client
	got    []T
	total  int // announced; -1 until a page has said it
	keys   map[string]bool
	urls   map[string]bool
	number int  // of the page last read
	linked bool // whether any page had a Link header
}

func (p *pages[T]) readAll(ctx context.Context) error {
	req := p.call
	req.query = p.query(1)
	for {
		p.number++
		u := p.client.url(req).String()
		if p.urls[u] {
			return errListChanged
		}
		p.urls[u] = true
		a, rows, err := p.readPage(ctx, req)
		if err != nil {
			return err
		}
		if err := p.take(a, rows); err != nil {
			return err
		}
		next, err := p.next(a, len(rows))
		if err != nil || next == nil {
			return err
		}
		req = *next
	}
}

// query returns the list's own query, plus the position of a page.
func (p *pages[T]) query(page int) url.Values {
	q := make(url.Values)
	for name, values := range p.call.query {
		q[name] = values
	}
	if p.perPage > 0 {
		q.Set("per_page", strconv.Itoa(p.perPage))
	}
	if p.numbered || p.cursor && page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return q
}

func (p *pages[T]) readPage(ctx context.Context, req call) (a answer, rows []T, err error) {
	err = p.client.read(ctx, req, func(got answer) (err error) {
		a = got
		rows, err = p.rows(got)
		if err != nil {
			return p.client.badAnswer(req, got, true, err)
		}
		return nil
	})
	return a, rows, err
}

// take adds a page's rows, unless they show that the list has changed since its first page.
func (p *pages[T]) take(a answer, rows []T) error {
	if total := count(a, "Total"); total >= 0 {
		if p.total >= 0 && total != p.total {
			return errListChanged
		}
		p.total = total
	}
	for _, row := range rows {
		if p.key == nil {
			break
		}
		key := p.key(row)
		if p.keys[key] {
			return errListChanged
		}
		p.keys[key] = true
	}
	p.got = append(p.got, rows...)
	return nil
}

// next returns the request for the page after a, nil after the last one, or an error if the list is not complete.
func (p *pages[T]) next(a answer, rows int) (*call, error) {
	links := a.header.Values("Link")
	p.linked = p.linked || len(links) > 0
	target, err := nextLink(links)
	if err != nil {
		return nil, p.fail(err.Error())
	}
	if p.number >= maxPages {
		return nil, p.fail("no end after as many pages as are read")
	}
	if p.total >= 0 && len(p.got) > p.total {
		return nil, p.fail("more rows than announced")
	}
	req := p.call
	switch {
	case target != "" && rows == 0 && !p.cursor:
		return nil, p.fail("an empty page that is not the last")
	case target != "":
		req.next, err = p.client.resolve(a.url, target)
		return &req, err
	case p.total >= 0 && len(p.got) == p.total:
		return nil, nil
	case p.total >= 0 && (len(links) > 0 || !p.numbered || !p.isFull(a, rows)):
		return nil, p.fail("the list ends before its announced end")
	case p.total < 0 && (len(links) > 0 || p.perPage == 0 || !p.isFull(a, rows)), p.cursor && p.linked:
		return nil, nil
	case !p.numbered && !p.cursor:
		return nil, p.fail("a full page that says neither how many rows there are nor where the next page is")
	}
	req.query = p.query(p.number + 1)
	return &req, nil
}

// isFull reports whether a page may have been cut at the page size, which may be smaller than what was asked for.
func (p *pages[T]) isFull(a answer, rows int) bool {
	size := count(a, "Per-Page")
	if size <= 0 {
		size = min(p.perPage, smallestCeiling)
	}
	return rows >= size
}

func (p *pages[T]) fail(why string) error {
	u := p.client.url(p.call)
	return &PageError{Endpoint: p.endpoint, Path: u.Path, Got: len(p.got), Total: p.total, Why: why, Project: p.project}
}

// count parses a header that counts rows; it returns -1 if there is none or it is not a number.
func count(a answer, header string) int {
	n, err := strconv.Atoi(a.header.Get(header))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// nextLink returns the target of rel="next" in Link headers (RFC 8288), or nothing if there is none.
func nextLink(headers []string) (string, error) {
	found := ""
	for _, header := range headers {
		for rest := header; ; {
			target, params, more, ok := cutLink(rest)
			if !ok {
				break
			}
			rest = more
			if !isNext(params) {
				continue
			}
			if found != "" && found != target {
				return "", errors.New("two different links to a next page")
			}
			found = target
		}
		if found == "" && strings.Contains(strings.ToLower(header), "next") && !strings.Contains(header, "<") {
			return "", errors.New("a link to a next page that cannot be read")
		}
	}
	return found, nil
}

// cutLink cuts the first <target>; params off a Link header. A comma within quotes or within <> is not a separator.
func cutLink(s string) (target, params, rest string, ok bool) {
	_, s, ok = strings.Cut(s, "<")
	if !ok {
		return "", "", "", false
	}
	target, s, ok = strings.Cut(s, ">")
	if !ok {
		return "", "", "", false
	}
	end := unquotedIndex(s, ',')
	if end < 0 {
		return target, s, "", true
	}
	return target, s[:end], s[end+1:], true
}

// unquotedIndex returns the index of the first sep that is not within quotes, or -1.
func unquotedIndex(s string, sep byte) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			return i
		}
	}
	return -1
}

// isNext reports whether a link's parameters include the relation next.
func isNext(params string) bool {
	for more := params; more != ""; {
		param := more
		more = ""
		if end := unquotedIndex(param, ';'); end >= 0 {
			param, more = param[:end], param[end+1:]
		}
		name, value, ok := strings.Cut(param, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "rel") {
			continue
		}
		for rel := range strings.FieldsSeq(strings.Trim(strings.TrimSpace(value), `"`)) {
			if strings.EqualFold(rel, "next") {
				return true
			}
		}
		return false
	}
	return false
}
