// Command tool runs one of the pinned programs, building it first when needed.
//
//	go run -C tools ./cmd/tool -root .. -in .,tools golangci-lint run ./...
//
// The program runs in each folder that -in names, one after the other, with the
// arguments as they stand. The status is 0 when it was 0 everywhere, else 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/fintrack/platform/tools/internal/toolbox"
)

func main() {
	root := flag.String("root", "..", "the repository's root")
	cache := flag.String("cache", "", "folder for built programs (default <root>/.cache)")
	source := flag.String("tools", ".", "the folder tools/, whose go.mod files pin the programs")
	in := flag.String("in", ".", "folders to run in, from the root, separated by commas")
	flag.Parse() // stops at the program's name: what follows belongs to the program

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *root, *cache, *source, strings.Split(*in, ","), flag.Args())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, cache, source string, folders, args []string) error {
	tool, err := choose(args)
	if err != nil {
		return err
	}
	if cache == "" {
		cache = filepath.Join(root, ".cache")
	}
	program, err := toolbox.Toolbox{Source: source, Cache: cache, Log: os.Stderr}.Path(ctx, tool)
	if err != nil {
		return err
	}
	var failed []string
	for _, folder := range folders {
		cmd := exec.CommandContext(ctx, program, args[1:]...)
		cmd.Dir = filepath.Join(root, filepath.FromSlash(folder))
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			if exit := new(exec.ExitError); !errors.As(err, &exit) {
				return fmt.Errorf("%s in %s: %w", tool.Name, folder, err)
			}
			failed = append(failed, folder)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%s: failed in %s", tool.Name, strings.Join(failed, ", "))
	}
	return nil
}

// choose returns the program that the first argument names.
func choose(args []string) (toolbox.Tool, error) {
	wanted := ""
	if len(args) > 0 {
		wanted = args[0]
	}
	var names []string
	for _, t := range toolbox.Tools() {
		if t.Name == wanted {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return toolbox.Tool{}, fmt.Errorf("tool: %q is not a program, choose one of %s", wanted, strings.Join(names, ", "))
}
