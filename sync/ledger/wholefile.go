package ledger

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeWhole writes a file under a name of its own, syncs it, and renames it: whoever looks sees the old file, the new
// one or none, never a part, after a power cut too.
func writeWhole(dir, name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(dir, "."+name+".*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()           // closed already, or of no more use
			_ = os.Remove(f.Name()) // what is left over is only untidy
			err = fmt.Errorf("write %s: %w", name, err)
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncFolder(dir)
}
