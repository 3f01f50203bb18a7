package snapshot

import (
	"context"
	"fmt"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// PresetReader reads one preset. *procore.Client implements it.
type PresetReader interface {
	Preset(context.Context, procore.PresetRef) (procore.Preset, error)
}

// ReadPresets reads the presets as they are now. Those that can't be read are returned separately; an error means that
// none can be read.
func ReadPresets(ctx context.Context, r PresetReader, refs []procore.PresetRef, opts Options) (map[procore.PresetRef]procore.Preset, []sync.Unreadable, error) {
	presets := make([]procore.Preset, len(refs))
	missed := make([]error, len(refs))
	err := each(ctx, opts, "presets", len(refs), func(ctx context.Context, i int) error {
		preset, err := r.Preset(ctx, refs[i])
		if err != nil && endsRun(ctx, err) {
			return err
		}
		presets[i], missed[i] = preset, err
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	read := make(map[procore.PresetRef]procore.Preset, len(refs))
	var unreadable []sync.Unreadable
	for i, ref := range refs {
		if missed[i] == nil {
			read[ref] = presets[i]
			continue
		}
		subject := "preset " + string(ref.Preset) + " of the company"
		if ref.Project != "" {
			subject = fmt.Sprintf("preset %s of project %s", ref.Preset, ref.Project)
		}
		unreadable = append(unreadable, sync.Unreadable{
			Subject: subject, Detail: detail(missed[i]), Project: ref.Project, Preset: ref.Preset,
		})
	}
	return read, unreadable, nil
}
