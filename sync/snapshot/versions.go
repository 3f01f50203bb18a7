package snapshot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// readVersions reads each version that a preset names, once, or takes it from the store: versions never change. A
// preset whose version cannot be read is left out.
func readVersions(ctx context.Context, r Reader, s *sync.Snapshot, opts Options) error {
	s.Versions = map[procore.VersionID]procore.TemplateVersion{}
	var missing []procore.VersionID
	for _, id := range versionsOf(s.Presets) {
		if opts.Versions != nil {
			if v, ok := opts.Versions.Version(id); ok {
				s.Versions[id] = v
				continue
			}
		}
		missing = append(missing, id)
	}
	read := make([]procore.TemplateVersion, len(missing))
	failed := make([]error, len(missing))
	err := each(ctx, opts, "template versions", len(missing), func(ctx context.Context, i int) error {
		v, err := r.Version(ctx, missing[i])
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
		s.Versions[id] = read[i]
		if opts.Versions != nil {
			opts.Versions.Keep(read[i])
		}
	}
	leaveOutPresets(s, unread)
	s.GroupTypes = countGroupTypes(s.Versions)
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

func leaveOutPresets(s *sync.Snapshot, unread map[procore.VersionID]error) {
	if len(unread) == 0 {
		return
	}
	kept := s.Presets[:0]
	for _, p := range s.Presets {
		version := p.Preset.Template.Published
		err, bad := unread[version]
		if !bad {
			kept = append(kept, p)
			continue
		}
		s.Unreadable = append(s.Unreadable, sync.Unreadable{
			Subject:    fmt.Sprintf("%s, preset %s", describeScope(s, p.Scope()), p.Ref.Preset),
			Detail:     fmt.Sprintf("version %s of template %q: %s", version, p.TemplateName, detail(err)),
			Project:    p.Ref.Project,
			TemplateID: p.TemplateID,
			Preset:     p.Ref.Preset,
		})
	}
	s.Presets = kept
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
