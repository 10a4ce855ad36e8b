// Command verify lets other people's engines judge what this repository renders.
//
//	go run -C tools ./cmd/verify -root ..
//
// It builds the engines and prepares their data on the first run, which needs
// the Go module proxy, and keeps both in the cache; later runs need no network.
// It ends with status 0 when nothing is wrong and with status 1 otherwise.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/fintrack/platform/tools/internal/engines"
	"github.com/fintrack/platform/tools/internal/toolbox"
)

func main() {
	root := flag.String("root", "..", "the repository's root, which holds dist/")
	cache := flag.String("cache", "", "folder for engines and their data (default <root>/.cache)")
	source := flag.String("tools", ".", "the folder tools/, whose go.mod files pin the engines")
	only := flag.String("engine", "", "run only this engine")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "verify: unexpected argument %q, all settings are flags (-h lists them)\n", flag.Arg(0))
		os.Exit(1)
	}

	// An interrupt cancels the context: what is half-made is removed on the way out.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *root, *cache, *source, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("next: `make golden` shows what changed in the rendered tree; then commit")
}

func run(ctx context.Context, root, cache, source, only string) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return fmt.Errorf("verify: -root: %w", err)
	}
	if cache == "" {
		cache = filepath.Join(root, ".cache")
	}
	if cache, err = filepath.Abs(cache); err != nil {
		return fmt.Errorf("verify: -cache: %w", err)
	}
	list, err := choose(only)
	if err != nil {
		return err
	}
	env := engines.Env{
		Root: root, Cache: cache, Log: os.Stderr,
		Toolbox: toolbox.Toolbox{Source: source, Cache: cache, Log: os.Stderr},
	}
	err = engines.Verify(ctx, env, list, os.Stdout)
	if errors.Is(err, engines.ErrAtFault) {
		return fmt.Errorf("%w\nnext: correct what renders it, then `make synth verify`", err)
	}
	return err
}

// choose returns the engine of that name, or all engines for the empty name.
func choose(only string) ([]engines.Engine, error) {
	all := engines.All()
	if only == "" {
		return all, nil
	}
	var names []string
	for _, e := range all {
		if e.Name == only {
			return []engines.Engine{e}, nil
		}
		names = append(names, e.Name)
	}
	return nil, fmt.Errorf("verify: -engine: %q is not an engine, choose one of %s", only, strings.Join(names, ", "))
}
