package procore

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// How fast a preset with twelve groups of eight people is decoded.
func BenchmarkDecodePreset(b *testing.B) {
	var groups []string
	for g := range 12 {
		var people []string
		for p := range 8 {
			people = append(people, fmt.Sprintf(`{"id":"90000%02d%02d","login":"person.%d.%d@example.com","name":"Person %d"}`, g, p, g, p, p))
		}
		groups = append(groups, fmt.Sprintf(`{"responsible_group_uuid":"aaaaaaaa-0000-4000-8000-0000000000%02d","assignees":[%s]}`, g, strings.Join(people, ",")))
	}
	a := answer{body: []byte(`{"data":{"id":"812","responsible_group_memberships":[` + strings.Join(groups, ",") + `]}}`)}
	b.SetBytes(int64(len(a.body)))
	for b.Loop() {
		if _, err := decodePreset(a, "812"); err != nil {
			b.Fatal(err)
		}
	}
}

// What the pacer itself costs for each request.
func BenchmarkTurn(b *testing.B) {
	p := newPacer(8, 10, half)
	h := (&limitServer{windows: []simWindow{{}, {length: 10 * time.Second, limit: 1 << 30, start: time.Now()}}}).headers(time.Now())
	for b.Loop() {
		turn, err := p.acquire(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		now := time.Now()
		p.release(turn, observation{sent: now, received: now, status: 200, header: h})
	}
}
