package main

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"procore-assignee-sync/cmd/assignee-sync/console"
	"procore-assignee-sync/sync"
)

// app is one execution of the command.
type app struct {
	process
	*console.Console // what it says goes through here

	envFile string
	settled bool   // settings have been read, with or without errors
	shaping string // the flags that a suggested command repeats

	begun  bool         // a command has begun; from then on an error is not by itself wrong usage
	last   string       // the final line, if a run or command has set it
	record *sync.Record // of the run that set it, if one did
	others others       // who else is told
}

// realMain runs one command line and returns its exit code.
func realMain(ctx context.Context, p process) int {
	a := newApp(p)
	root := a.root()
	listening := context.AfterFunc(ctx, func() {
		a.Tell("stopping: what is in flight ends, nothing new is sent; another signal after two seconds ends at once")
	})
	defer listening()
	command, err := root.ExecuteContextC(ctx)
	if !a.settled {
		a.envFile = cmp.Or(a.envFile, envFileOf(p.Args)) // the parser stops at the first wrong flag
		if a.envFile != "" {
			a.SetJSON(a.envFileWantsJSON())
		}
	}
	if unwritten := a.Flush(); err == nil {
		err = unwritten
	}
	code := exitCode(err, a.begun)
	a.sayError(command, err)
	line := a.lastLine(code, err)
	a.tellOthers(ctx, code, line)
	a.sayLast(code, line)
	a.Close()
	return code
}

// newApp returns the app of one execution.
func newApp(p process) *app {
	c := console.New(console.Options{
		Stdout: p.Stdout, Stderr: p.Stderr, Width: p.Width, JSON: wantsJSON(p.Environ),
		Terminal: p.StderrTTY && variable(p.Environ, "TERM") != "dumb", OutTerminal: p.StdoutTTY,
	})
	p.Stdout, p.Stderr = c.Writers()
	return &app{process: p, Console: c}
}

// root puts the commands together.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "assignee-sync",
		Short:         "Keeps the assignees of Procore workflows equal to the teams that HR knows",
		Version:       versionText(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return usagef("name a command, such as `assignee-sync demo`")
		},
	}
	root.SetArgs(a.Args)
	root.SetIn(a.Stdin)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.SetVersionTemplate("assignee-sync {{.Version}}\n")
	root.SetHelpCommand(helpCommand(root))
	root.AddCommand(
		a.demoCommand(), a.initCommand(), a.planCommand(), a.applyCommand(), a.checkCommand(), a.explainCommand(),
		a.rollbackCommand(), a.runsCommand(), a.historyCommand(), a.runningCommand(), a.handoverCommand(), a.inboxCommand(),
		a.respondCommand(), a.migrateCommand(), a.sandboxCommand(), settingsTopic(),
		a.versionCommand(), a.manCommand(),
	)
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		group(completion) // an unknown shell is wrong usage
	}
	giveExamples(root)
	a.completes(root)
	root.SetFlagErrorFunc(wrongFlag)
	sayArguments(root)
	return root
}

// command returns a command. Once it has begun, errors are its own and no longer the command line's.
func (a *app) command(c *cobra.Command, run func(context.Context, *cobra.Command, []string) error) *cobra.Command {
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := noEmptyFlag(cmd); err != nil {
			return err
		}
		a.begun = true
		a.others.command, a.others.began = sync.Command(cmd.Name()), a.now()
		return run(cmd.Context(), cmd, args)
	}
	return c
}

// noEmptyFlag refuses flags without a value, as when a script uses a variable that it forgot to set: --out "" would
// silently save nothing, and --approve "" silently approve nothing.
func noEmptyFlag(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Value.Type() == "string" && f.Value.String() == "" {
			err = errors.Join(err, usagef("--%s: a value is needed", f.Name))
		}
	})
	return err
}

// group returns a command that only has subcommands.
func group(c *cobra.Command) *cobra.Command {
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand(cmd, args[0])
		}
		return usagef("name one of the commands of `%s --help`", cmd.CommandPath())
	}
	return c
}

// color reports whether results may be coloured.
func (a *app) color() bool {
	return a.StdoutTTY && !isSet(a.Environ, "NO_COLOR") && variable(a.Environ, "TERM") != "dumb"
}

// variable returns the value of an environment variable, or nothing. If it occurs more than once the last one counts,
// as in a shell.
func variable(environ []string, name string) (value string) {
	for _, pair := range environ {
		if last, ok := strings.CutPrefix(pair, name+"="); ok {
			value = last
		}
	}
	return value
}

func isSet(environ []string, name string) bool { return variable(environ, name) != "" }
