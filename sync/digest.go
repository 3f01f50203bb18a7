package sync

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"procore-assignee-sync/procore"
)

// MinDigestPrefix is how many hex digits of a digest must be given to approve a plan.
const MinDigestPrefix = 12

// DigestError says that a text is not a digest.
type DigestError struct{ Text string }

func (e *DigestError) Error() string {
	return fmt.Sprintf("%q is not a digest: give the one that plan printed, at least its first %d hex digits", e.Text, MinDigestPrefix)
}

// ExitCode returns ExitUsage.
func (e *DigestError) ExitCode() int { return ExitUsage }

// ParseDigest checks what was given to --approve: at least the first 12 hex digits of a digest, in upper or lower case.
// An error is a *DigestError.
func ParseDigest(text string) (prefix string, err error) {
	prefix = strings.ToLower(strings.TrimSpace(text))
	isHex := func(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'f' }
	if len(prefix) < MinDigestPrefix || len(prefix) > hex.EncodedLen(sha256.Size) || strings.TrimLeftFunc(prefix, isHex) != "" {
		return "", &DigestError{text}
	}
	return prefix, nil
}

// Seal computes the plan's digest and stores it.
func (p *Plan) Seal() { p.Digest = p.digest() }

// ApprovedBy reports whether prefix, as ParseDigest returned it, is a prefix of this plan's digest.
func (p *Plan) ApprovedBy(prefix string) bool {
	return len(prefix) >= MinDigestPrefix && strings.HasPrefix(p.Digest, prefix)
}

// digest returns the sha256 over what is approved: company, host, mode, limits, tripped gates, and each managed group
// with its preset, version, uuid, before, after and hold. It does not cover times, the run's id, HR's line numbers, or
// groups that are not managed. Every field is written with its length, so that two different plans can't produce the
// same bytes.
func (p *Plan) digest() string {
	sum := sha256.New()
	d := digestWriter{bufio.NewWriterSize(sum, 1<<15)}
	d.text("assignee-sync plan 2", string(p.Company), p.Host, string(p.Mode))
	d.number(p.Limits.MaxGroupRemovalPercent, p.Limits.MaxRemovalPercent, p.Limits.MaxAdditionPercent)
	if p.Limits.MaxRemovals == nil {
		d.text("no limit")
	} else {
		d.number(*p.Limits.MaxRemovals)
	}
	d.text(strconv.FormatBool(p.Limits.AllowEmptyGroups))

	gates := make([]string, len(p.Gates))
	for i, g := range p.Gates {
		gates[i] = string(g.Gate)
	}
	slices.Sort(gates)
	d.number(len(gates))
	d.text(gates...)

	d.number(len(p.Presets))
	for i := range p.Presets {
		preset := &p.Presets[i]
		d.text(string(preset.Ref.Project), string(preset.Ref.Preset), string(preset.VersionID))
		d.number(len(preset.Groups))
		for j := range preset.Groups {
			g := &preset.Groups[j]
			d.text(string(g.UUID), string(g.Hold))
			d.ids(g.Before)
			d.ids(g.After)
		}
	}
	_ = d.Flush() // writing to a hash never fails
	return hex.EncodeToString(sum.Sum(nil))
}

type digestWriter struct{ *bufio.Writer }

func (d digestWriter) text(fields ...string) {
	for _, f := range fields {
		d.length(len(f))
		_, _ = d.WriteString(f)
	}
}

func (d digestWriter) number(numbers ...int) {
	for _, n := range numbers {
		d.text(strconv.Itoa(n))
	}
}

func (d digestWriter) ids(ids []procore.LoginID) {
	d.number(len(ids))
	for _, id := range ids {
		d.text(string(id))
	}
}

func (d digestWriter) length(n int) {
	_, _ = d.Write(append(strconv.AppendInt(d.AvailableBuffer(), int64(n), 10), ':'))
}
