// Command publish is `make publish ENV=…`: it renders an environment and commits
// the manifests to the branch that Argo CD reads.
//
//	go run ./cmd/publish -env NAME [-next] [-remote NAME]
//
// GIT_TOKEN is for a remote that is reached by HTTPS and wants a token; it is
// printed nowhere.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/host"
	"github.com/fintrack/platform/internal/hydrator"
)

func main() {
	name := flag.String("env", "", "publish the environment of this `NAME`")
	proposal := flag.Bool("next", false, "commit to the branch of proposals, for a pull request")
	remote := flag.String("remote", "", "push to this `REMOTE`; origin by default, \".\" is this repository")
	flag.Parse()
	host.Main(func() error {
		if flag.NArg() > 0 {
			return fmt.Errorf("unknown argument %q; see -help", flag.Arg(0))
		}
		// Ctrl-C ends git, and the branch is what it was.
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		return run(ctx, os.Stdout, config.Load, *name, hydrator.Options{
			Dir: ".", Remote: *remote, Proposal: *proposal, Token: os.Getenv("GIT_TOKEN"), Log: os.Stderr,
		})
	})
}

func run(ctx context.Context, out io.Writer, load func() ([]config.Environment, error), name string, options hydrator.Options) error {
	envs, err := load()
	if err != nil {
		return err
	}
	env, err := config.Find(envs, name)
	if err != nil {
		return err
	}
	start := time.Now()
	options.Branch = contract.For(env).Branch
	options.Render = func(dir string) error {
		fmt.Fprintf(out, "rendering %s …\n", env.Name)
		_, err := charts.Render(env, dir)
		return err
	}
	result, err := hydrator.Publish(ctx, options)
	if ctx.Err() != nil {
		return errors.New("interrupted; the branch is what it was")
	}
	if err != nil {
		return err
	}
	for _, workload := range contract.For(env).Unreleased() {
		fmt.Fprintf(out, "note: %s has no release yet, its image is the placeholder :%s\n", workload, contract.UnreleasedTag)
	}
	switch {
	case result.Superseded:
		fmt.Fprintf(out, "%s holds a newer source than %.12s already: nothing to do\n", result.Branch, result.Source)
	case !result.Changed:
		fmt.Fprintf(out, "%s holds these %d manifests already, at %.12s: no commit\n", result.Branch, result.Files, result.Commit)
	default:
		fmt.Fprintf(out, "%s is %.12s now: %d manifests, rendered from %.12s in %.1f s\n", result.Branch, result.Commit, result.Files, result.Source, time.Since(start).Seconds())
		if options.Proposal {
			fmt.Fprintf(out, "next: open a pull request from %s to %s\n", result.Branch, options.Branch)
		}
	}
	return nil
}
