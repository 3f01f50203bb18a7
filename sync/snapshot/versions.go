package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// readVersions reads each version that a preset names, once in a run. They are few, and what decides which groups are
// ours is never taken from memory. A preset whose version can't be read is left out.
func (p *reading) readVersions(ctx context.Context) error {
	missing := slices.DeleteFunc(versionsOf(p.snapshot.Presets), func(id procore.VersionID) bool {
		_, read := p.snapshot.Versions[id]
		return read
	})
	read := make([]procore.TemplateVersion, len(missing))
	failed := make([]error, len(missing))
	err := each(ctx, p.opts, "template versions", len(missing), func(ctx context.Context, i int) error {
		v, err := p.Version(ctx, missing[i])
		if err != nil && endsRun(ctx, err) {
			return err
		}
		read[i], failed[i] = v, err
		return nil
	})
	if err != nil {
		return fmt.Errorf("read template versions: %w", err)
	}
	unread := map[procore.VersionID]error{}
	for i, id := range missing {
		if failed[i] != nil {
			unread[id] = failed[i]
			continue
		}
		p.snapshot.Versions[id] = read[i]
	}
	for i := range p.snapshot.Presets {
		s := &p.snapshot.Presets[i]
		if err := unread[s.Preset.Template.Published]; err != nil {
			p.setAside(scopedPreset{s.Scope(), s.Ref.Preset, s.TemplateID},
				fmt.Errorf("version %s of template %q: %w", s.Preset.Template.Published, s.TemplateName, err))
		}
	}
	p.dropOut()
	return nil
}

func versionsOf(presets []sync.PresetState) []procore.VersionID {
	seen := map[procore.VersionID]bool{}
	var ids []procore.VersionID
	for i := range presets {
		if id := presets[i].Preset.Template.Published; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, procore.CompareIDs)
	return ids
}

func countGroupTypes(versions map[procore.VersionID]procore.TemplateVersion) []sync.GroupTypeCount {
	n := map[string]int{}
	for _, v := range versions {
		for _, g := range v.Groups {
			n[g.Type]++
		}
	}
	out := make([]sync.GroupTypeCount, 0, len(n))
	for t, count := range n {
		out = append(out, sync.GroupTypeCount{Type: t, Count: count})
	}
	slices.SortFunc(out, func(a, b sync.GroupTypeCount) int { return strings.Compare(a.Type, b.Type) })
	return out
}
