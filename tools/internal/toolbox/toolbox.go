// Package toolbox makes the programs that other people wrote, and that this
// repository runs, from source, at pinned versions, once.
//
//   - [Tool] names a program; the pins themselves stand in go.mod files
//   - [Tools] is the table of all programs
//   - [Toolbox.Path] builds a program when it is not there yet and tells where
//     it is
//
// A built program is kept in a folder named after a hash of the go.mod and
// go.sum that pin it: a changed pin means another folder, and the program of the
// old pin stays usable on the old branch.
package toolbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Tool is a program that can be built from Go source.
type Tool struct {
	Name    string // file name of the program
	Package string // import path of its main package
	Module  string // folder, below tools/, of the go.mod that pins it, slash-separated; "." is tools/ itself
	Tags    string // build tags, separated by commas; none when empty
}

// The programs. One that gets on with the other requirements of tools/go.mod is
// pinned there (Module "."); one that brings a graph of its own, or needs a
// replace directive, gets a folder with its own go.mod.
var (
	// Kubeconform checks manifests against JSON schemas.
	Kubeconform = Tool{
		Name: "kubeconform", Package: "github.com/yannh/kubeconform/cmd/kubeconform", Module: ".",
	}
	// GolangciLint runs the linters and formatters that .golangci.yml names.
	GolangciLint = Tool{
		Name: "golangci-lint", Package: "github.com/golangci/golangci-lint/v2/cmd/golangci-lint", Module: "lint",
	}
	// Gofumpt formats Go, for editors; it is the version that GolangciLint holds,
	// because both are pinned by the same go.mod.
	Gofumpt = Tool{
		Name: "gofumpt", Package: "mvdan.cc/gofumpt", Module: "lint",
	}
)

// Tools returns all programs, in the order of their names.
func Tools() []Tool { return []Tool{Gofumpt, GolangciLint, Kubeconform} }

// Toolbox builds programs and keeps them.
type Toolbox struct {
	Source string    // the folder tools/ of this repository
	Cache  string    // programs go to <Cache>/tools/<hash>/<name>
	Log    io.Writer // one line for each program that is built
}

// Path returns the absolute path of the program, building it first when needed.
//
// An interrupted or failed build leaves nothing behind: the finished file gets
// its name by a rename.
func (b Toolbox) Path(ctx context.Context, t Tool) (string, error) {
	module, err := filepath.Abs(filepath.Join(b.Source, filepath.FromSlash(t.Module)))
	if err != nil {
		return "", fmt.Errorf("toolbox: %s: %w", t.Name, err)
	}
	hash, err := fingerprint(module, t)
	if err != nil {
		return "", fmt.Errorf("toolbox: %s: %w", t.Name, err)
	}
	folder, err := filepath.Abs(filepath.Join(b.Cache, "tools", hash))
	if err != nil {
		return "", fmt.Errorf("toolbox: %s: %w", t.Name, err)
	}
	name := t.Name
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	program := filepath.Join(folder, name)
	if info, err := os.Stat(program); err == nil && info.Mode().IsRegular() {
		return program, nil
	}
	if err := b.build(ctx, t, module, program); err != nil {
		return "", fmt.Errorf("toolbox: build %s: %w", t.Name, err)
	}
	return program, nil
}

func (b Toolbox) build(ctx context.Context, t Tool, module, program string) error {
	start := time.Now()
	version, err := goCommand(ctx, module, "list", "-mod=readonly", "-f", "{{with .Module}}{{.Version}}{{end}}", t.Package)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.Log, "building %s %s … ", t.Name, strings.TrimSpace(version))

	err = func() error {
		if err := os.MkdirAll(filepath.Dir(program), 0o755); err != nil {
			return err
		}
		// Beside the target, so that the rename stays within one file system.
		partial, err := os.MkdirTemp(filepath.Dir(program), ".partial-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(partial) }() // after the rename an empty folder
		file := filepath.Join(partial, filepath.Base(program))
		if _, err := goCommand(ctx, module, append(buildArgs(t), "-o", file, t.Package)...); err != nil {
			return err
		}
		return os.Rename(file, program)
	}()
	if err != nil {
		fmt.Fprintln(b.Log, "failed")
		return err
	}
	fmt.Fprintf(b.Log, "%.0f s\n", time.Since(start).Seconds())
	return nil
}

// buildArgs are the arguments that shape the program. -trimpath: the same
// program in every folder. -buildvcs=false: it comes from the module cache, and
// the commit of this repository says nothing about it.
func buildArgs(t Tool) []string {
	args := []string{"build", "-mod=readonly", "-trimpath", "-buildvcs=false"}
	if t.Tags != "" {
		args = append(args, "-tags="+t.Tags)
	}
	return args
}

// fingerprint is a hash of everything that shapes the program.
func fingerprint(module string, t Tool) (string, error) {
	h := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(module, name))
		if err != nil && (name != "go.sum" || !errors.Is(err, os.ErrNotExist)) {
			return "", err // only a module without requirements has no go.sum
		}
		fmt.Fprintf(h, "%s %d\n", name, len(text))
		h.Write(text)
	}
	// The Go version counts too: a linter must be built with a Go that is not
	// older than the code it reads.
	fmt.Fprintln(h, runtime.Version(), runtime.GOOS, runtime.GOARCH, t.Package, buildArgs(t))
	const digits = 12 // 48 bits: enough to tell a few hundred pins apart, short enough to read
	return hex.EncodeToString(h.Sum(nil))[:digits], nil
}

// goCommand runs the go command in a module and returns what it prints.
func goCommand(ctx context.Context, module string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = module
	// CGO off: none of the programs needs a C compiler, and a machine without one
	// must build the same thing. GOWORK off: the pins are this module's alone.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}
