package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// sandboxOptions are the flags of sandbox.
type sandboxOptions struct {
	listen    string
	projects  int
	templates int
	rows      int
	seed      int64
	rate      string
	faults    string
	write     string
}

func (a *app) sandboxCommand() *cobra.Command {
	var o sandboxOptions
	c := a.command(&cobra.Command{
		Use:   "sandbox",
		Short: "Serve a simulated Procore to try things with",
		Long: "Serves a simulated Procore with a made-up company until it is told to stop, and prints the settings to use with it.\n" +
			"The same flags give the same company. Everything is forgotten at the end.",
		Args: cobra.NoArgs,
	}, func(ctx context.Context, _ *cobra.Command, _ []string) error { return a.sandbox(ctx, o) })
	f := c.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8765", "`ADDRESS` to listen on; port 0 takes a free one")
	f.IntVar(&o.projects, "projects", 6, "the company has `N` projects")
	f.IntVar(&o.templates, "templates", 3, "it has `N` project-level templates")
	f.IntVar(&o.rows, "rows", 0, "the HR file has at least `N` rows")
	f.Int64Var(&o.seed, "seed", 1, "make up company number `N`; another has other people and projects")
	f.StringVar(&o.rate, "rate", "", "rate limits `HOUR[,10S]`: calls an hour and in 10 seconds, such as 3600,25; 0 is none")
	f.StringVar(&o.faults, "faults", "", "`FAULTS` that happen, such as \"503 on=getProjectPreset every=10 retry-after=2; lost on=PATCH:*/assignees nth=1\"")
	f.StringVar(&o.write, "write", "", "write hr.csv, role-map.csv and sandbox.env to `DIR`")
	return c
}

func (a *app) sandbox(ctx context.Context, o sandboxOptions) error {
	opts, err := o.serverOptions()
	if err != nil {
		return err
	}
	sample := sandbox.NewSample(sandbox.SampleOptions{
		Seed: o.seed, Projects: o.projects, Templates: o.templates, Rows: o.rows,
	})
	server := sandbox.New(sample.Company, opts)
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; --listen ADDRESS takes another, and --listen 127.0.0.1:0 any port that is free", o.listen, err)
	}
	lines := sandboxSettings(sample, "http://"+listener.Addr().String())
	if o.write != "" {
		if lines, err = writeSample(o.write, sample, lines); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	if _, err := io.WriteString(a.Stdout, lines); err != nil {
		return errors.Join(err, listener.Close())
	}
	a.Tell("serving a simulated Procore with these settings; Ctrl-C stops it")
	if o.write != "" {
		a.Tell("in another terminal: assignee-sync plan --env-file %s", shellWord(filepath.Join(o.write, "sandbox.env")))
	}
	if err := serve(ctx, listener, server); err != nil {
		return err
	}
	a.Tell("stopped after %d writes", len(server.History())+len(server.InstanceWrites()))
	return nil
}

// serverOptions returns the options for the server from the flags.
func (o sandboxOptions) serverOptions() (sandbox.Options, error) {
	var opts sandbox.Options
	if o.projects < 1 || o.templates < 1 || o.rows < 0 {
		return opts, usagef("--projects and --templates are at least 1, --rows at least 0")
	}
	var err error
	if opts.Faults, err = sandbox.ParseFaults(o.faults); err != nil {
		return opts, usagef("--faults: %v", err)
	}
	hour, short, both := strings.Cut(o.rate, ",")
	if o.rate == "" {
		return opts, nil
	}
	if opts.Hourly, err = strconv.Atoi(strings.TrimSpace(hour)); err == nil && both {
		opts.TenSecond, err = strconv.Atoi(strings.TrimSpace(short))
	}
	if err != nil || opts.Hourly < 0 || opts.TenSecond < 0 {
		return opts, usagef("--rate is %q: one or two whole numbers are allowed, such as 3600 or 3600,25", o.rate)
	}
	return opts, nil
}

// sandboxSettings returns the settings to use with a sandbox, as lines of an --env-file.
func sandboxSettings(sample *sandbox.Sample, url string) string {
	return fmt.Sprintf("PROCORE_API_URL=%s\nPROCORE_LOGIN_URL=%s\nPROCORE_COMPANY_ID=%s\nPROCORE_CLIENT_ID=%s\nPROCORE_CLIENT_SECRET=%s\n",
		url, url, sample.Company.ID, sandbox.DefaultClientID, sandbox.DefaultClientSecret)
}

// writeSample writes the company's HR file and role map, and the settings, which it returns with the paths added.
func writeSample(dir string, sample *sandbox.Sample, settings string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	settings += fmt.Sprintf("HR_CSV=%s\nROLE_MAP=%s\n", filepath.Join(dir, "hr.csv"), filepath.Join(dir, "role-map.csv"))
	return settings, errors.Join(
		os.WriteFile(filepath.Join(dir, "hr.csv"), sample.HRCSV, 0o600),
		os.WriteFile(filepath.Join(dir, "role-map.csv"), sample.RoleMapCSV, 0o600),
		os.WriteFile(filepath.Join(dir, "sandbox.env"), []byte(settings), 0o600),
	)
}

// serve answers requests until ctx ends.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return coded(sync.ExitFailed, err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
