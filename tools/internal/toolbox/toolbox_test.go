package toolbox_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/tools/internal/toolbox"
)

var hello = toolbox.Tool{Name: "hello", Package: "example.com/hello", Module: "hello"}

// source makes a stand-in for the folder tools/ with one program that needs no
// other module.
func source(t *testing.T, program string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "hello", "go.mod"), "module example.com/hello\n\ngo 1.26\n")
	write(t, filepath.Join(dir, "hello", "main.go"), program)
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

const works = `package main

import "fmt"

func main() { fmt.Println("hello") }
`

func TestAProgramIsBuiltOnce(t *testing.T) {
	var log strings.Builder
	box := toolbox.Toolbox{Source: source(t, works), Cache: t.TempDir(), Log: &log}

	first, err := box.Path(t.Context(), hello)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), first).Output(); err != nil || string(out) != "hello\n" {
		t.Errorf("the program must run, got %q, %v", out, err)
	}
	if !strings.HasPrefix(log.String(), "building hello") || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("one progress line wanted, got %q", log.String())
	}

	log.Reset()
	second, err := box.Path(t.Context(), hello)
	if err != nil {
		t.Fatal(err)
	}
	if second != first || log.Len() > 0 {
		t.Errorf("the second call must find %s and build nothing, got %s and %q", first, second, log.String())
	}
	if got := files(t, box.Cache); !slices.Equal(got, []string{first}) {
		t.Errorf("the cache must hold the program alone, holds %v", got)
	}
}

func TestAChangedPinMeansAnotherProgram(t *testing.T) {
	var log strings.Builder
	box := toolbox.Toolbox{Source: source(t, works), Cache: t.TempDir(), Log: &log}
	first, err := box.Path(t.Context(), hello)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func() toolbox.Tool{
		"go.mod": func() toolbox.Tool {
			write(t, filepath.Join(box.Source, "hello", "go.mod"), "module example.com/hello\n\ngo 1.25\n")
			return hello
		},
		"go.sum": func() toolbox.Tool {
			write(t, filepath.Join(box.Source, "hello", "go.sum"), "example.com/x v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
			return hello
		},
		"tags": func() toolbox.Tool {
			tagged := hello
			tagged.Tags = "other"
			return tagged
		},
	} {
		again, err := box.Path(t.Context(), change())
		if err != nil {
			t.Fatal(err)
		}
		if again == first {
			t.Errorf("%s: changed, but the program is still the one of %s", name, first)
		}
	}
}

func TestAFailedBuildTellsWhyAndLeavesNothing(t *testing.T) {
	for name, tc := range map[string]struct {
		program string
		tool    toolbox.Tool
		want    string
	}{
		"does not compile": {"package main\n\nfunc main() { undefinedThing() }\n", hello, "undefinedThing"},
		"no such package":  {works, toolbox.Tool{Name: "hello", Package: "example.com/other", Module: "hello"}, "example.com/other"},
		"no such module":   {works, toolbox.Tool{Name: "hello", Package: "example.com/hello", Module: "missing"}, "missing"},
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			box := toolbox.Toolbox{Source: source(t, tc.program), Cache: t.TempDir(), Log: &log}
			_, err := box.Path(t.Context(), tc.tool)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error must name %q, got: %v", tc.want, err)
			}
			if got := files(t, box.Cache); len(got) > 0 {
				t.Errorf("nothing may be left in the cache, found %v", got)
			}
		})
	}
}

func TestACancelledBuildLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	box := toolbox.Toolbox{Source: source(t, works), Cache: t.TempDir(), Log: &strings.Builder{}}
	if _, err := box.Path(ctx, hello); err == nil {
		t.Error("a cancelled context must end in an error")
	}
	if got := files(t, box.Cache); len(got) > 0 {
		t.Errorf("nothing may be left in the cache, found %v", got)
	}
}

// Every entry of the table must be a "tool" of the go.mod that it names, or
// `go mod tidy` would drop its pin.
func TestEveryToolIsPinnedByItsGoMod(t *testing.T) {
	names := map[string]bool{}
	for _, tool := range toolbox.Tools() {
		if names[tool.Name] {
			t.Errorf("%s: two tools have this name", tool.Name)
		}
		names[tool.Name] = true
		text, err := os.ReadFile(filepath.Join("..", "..", tool.Module, "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		directive := false
		for line := range strings.Lines(string(text)) {
			directive = directive || strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "tool ")) == tool.Package
		}
		if !directive {
			t.Errorf("%s: %s/go.mod has no tool directive for %s", tool.Name, tool.Module, tool.Package)
		}
	}
}
