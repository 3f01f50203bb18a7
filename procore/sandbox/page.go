package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// paging is how one list pages.
type paging struct {
	perPage, atMost int
	wrapped         bool // in "data", as v2 does
}

// The lists' pages. For users no ceiling is documented; a page of ten thousand is the most given here.
var (
	pagesV2       = paging{perPage: 10, atMost: 100, wrapped: true}
	pagesProjects = paging{perPage: 100, atMost: 300}
	pagesUsers    = paging{perPage: 100, atMost: 10_000}
)

// page answers with the page of a list that was asked for: rows gives rows from first up to but not including end, of
// total.
func (c *call) page(p paging, total int, rows func(first, end int) any) reply {
	number, problem := c.positive("page", 1)
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	per, problem := c.positive("per_page", p.perPage)
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	if per > p.atMost {
		return c.fail(http.StatusBadRequest, fmt.Sprintf("Invalid per_page of %d: at most %d are allowed.", per, p.atMost))
	}
	last := max((total+per-1)/per, 1)
	first, end := total, total
	if number <= last {
		first, end = (number-1)*per, min(number*per, total)
	}
	next := number + 1
	first, end, next = c.faults.spoilPage(first, end, next, per)
	r := jsonReply(http.StatusOK, p.wrap(rows(first, end)))
	r.header.Set("Total", strconv.Itoa(c.faults.spoilTotal(total)))
	r.header.Set("Per-Page", strconv.Itoa(per))
	var links []string
	if number < last {
		links = append(links, c.link(next, per, "next"), c.link(last, per, "last"))
	}
	if number > 1 {
		links = append(links, c.link(1, per, "first"), c.link(min(number-1, last), per, "prev"))
	}
	if len(links) > 0 {
		r.header.Set("Link", strings.Join(links, ", "))
	}
	return r
}

func (p paging) wrap(rows any) any {
	if p.wrapped {
		return wrapped{rows}
	}
	return rows
}

// positive reads a whole number from 1 from the query.
func (c *call) positive(name string, otherwise int) (int, string) {
	text := c.query.Get(name)
	if text == "" {
		return otherwise, ""
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, fmt.Sprintf("Invalid %s: a whole number from 1 is needed.", name)
	}
	return int(n), ""
}

// link is one entry of a Link header (RFC 8288): the same request for another page.
func (c *call) link(page, per int, rel string) string {
	return c.linkTo(rel, url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(per)}})
}

func (c *call) linkTo(rel string, changed url.Values) string {
	query := make(url.Values, len(c.query)+len(changed))
	for name, values := range c.query {
		query[name] = values
	}
	for name, values := range changed {
		query[name] = values
	}
	return fmt.Sprintf("<%s%s?%s>; rel=%q", c.base, c.Path, query.Encode(), rel)
}
