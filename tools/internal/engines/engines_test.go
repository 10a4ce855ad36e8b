package engines_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fintrack/platform/tools/internal/engines"
	"github.com/fintrack/platform/tools/internal/schemas"
	"github.com/fintrack/platform/tools/internal/toolbox"
)

// says is an engine that gives a fixed answer.
func says(name string, err error, results ...engines.Result) engines.Engine {
	return engines.Engine{Name: name, Run: func(context.Context, engines.Env) ([]engines.Result, error) {
		return results, err
	}}
}

func TestVerifyReport(t *testing.T) {
	good := engines.Result{Subject: "staging", Count: 3, Unit: "resources", Took: 1260 * time.Millisecond}
	bad := engines.Result{Subject: "production", Count: 2, Unit: "resources", Findings: []engines.Finding{
		{File: "dist/production/a.yaml", Thing: "v1 ConfigMap a", Messages: []string{"first", "second"}},
	}}
	for name, tc := range map[string]struct {
		list []engines.Engine
		want string
		err  string
	}{
		"all well": {
			[]engines.Engine{says("one", nil, good), says("two", nil, good)},
			"ok    one          staging      3 resources  1.3 s\n" +
				"ok    two          staging      3 resources  1.3 s\n" +
				"verify: 6 checked, nothing at fault\n",
			"",
		},
		"a finding stops nobody else": {
			[]engines.Engine{says("one", nil, bad, good), says("two", nil, good)},
			"FAIL  one          production   2 resources  0.0 s  1 at fault\n" +
				"      dist/production/a.yaml  (v1 ConfigMap a)\n" +
				"          first\n" +
				"          second\n" +
				"ok    one          staging      3 resources  1.3 s\n" +
				"ok    two          staging      3 resources  1.3 s\n",
			"verify: 8 checked, 1 at fault",
		},
		"an engine that cannot run": {
			[]engines.Engine{says("one", errors.New("no such thing"), good), says("two", nil, good)},
			"ok    one          staging      3 resources  1.3 s\n" +
				"FAIL  one          -            no such thing\n" +
				"ok    two          staging      3 resources  1.3 s\n",
			"verify: 6 checked, the reasons",
		},
		"nothing to judge": {
			[]engines.Engine{says("one", nil, engines.Result{Subject: "staging", Unit: "rules"})},
			"FAIL  one          staging      no rules found to check, which proves nothing\n",
			"verify: 0 checked",
		},
		"no results": {
			[]engines.Engine{says("one", nil)},
			"FAIL  one          -            nothing found to check, which proves nothing\n",
			"verify: 0 checked",
		},
		"no engines": {nil, "", "no engine"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := engines.Verify(t.Context(), engines.Env{}, tc.list, &out)
			if out.String() != tc.want {
				t.Errorf("got\n%swant\n%s", out.String(), tc.want)
			}
			if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("want the error %q, got: %v", tc.err, err)
			}
		})
	}
}

func TestVerifyTellsThatItWasInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := engines.Verify(ctx, engines.Env{}, []engines.Engine{says("one", ctx.Err())}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("got: %v", err)
	}
}

func TestEnginesHaveDistinctNames(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range engines.All() {
		if e.Name == "" || e.Run == nil || seen[e.Name] {
			t.Errorf("%q: an engine needs a Run function and a name of its own", e.Name)
		}
		seen[e.Name] = true
	}
}

// TestPlatform runs everything as `make verify` does, with the real schemas, on
// manifests of the kinds that the platform renders. It takes the modules from
// the module cache and never from the network.
func TestPlatform(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	cache := t.TempDir()
	if _, err := schemas.Prepare(t.Context(), cache, schemas.Pinned(), schemas.FromModules, io.Discard); err != nil {
		t.Skipf("`make verify` has not run on this machine yet, its modules are missing: %v", err)
	}
	verify := func(t *testing.T, root string) (string, error) {
		t.Helper()
		var out strings.Builder
		env := engines.Env{
			Root: root, Cache: cache, Log: io.Discard,
			Toolbox: toolbox.Toolbox{Source: "../..", Cache: cache, Log: io.Discard},
		}
		err := engines.Verify(t.Context(), env, engines.All(), &out)
		return out.String(), err
	}

	// rendered puts a folder of testdata where an environment is rendered to.
	rendered := func(t *testing.T, folder string) string {
		t.Helper()
		root := t.TempDir()
		if err := os.CopyFS(filepath.Join(root, "dist", "staging"), os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		return root
	}

	t.Run("good", func(t *testing.T) {
		out, err := verify(t, rendered(t, "testdata/good"))
		if err != nil || !strings.HasPrefix(out, "ok    kubeconform  staging      18 resources") {
			t.Errorf("%v\n%s", err, out)
		}
	})

	// Each file holds one mistake that a person could make, and a last line
	// "# want: …" with what the report must say about it.
	t.Run("bad", func(t *testing.T) {
		out, err := verify(t, rendered(t, "testdata/bad"))
		if err == nil {
			t.Error("must fail")
		}
		files, globErr := filepath.Glob("testdata/bad/*.yaml")
		if globErr != nil || len(files) == 0 {
			t.Fatalf("no files found, %v", globErr)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, want, ok := strings.Cut(string(text), "# want: ")
			if !ok {
				t.Errorf("%s has no line \"# want: …\"", file)
				continue
			}
			_, section, found := strings.Cut(out, "dist/staging/"+filepath.Base(file))
			section, _, _ = strings.Cut(section, "      dist/")
			if want = strings.TrimSpace(want); !found || !strings.Contains(section, want) {
				t.Errorf("%s: the report must say %q, says:%s", file, want, section)
			}
		}
	})

	for name, folder := range map[string]string{"no dist": "none", "no environment": "dist", "empty environment": "dist/staging"} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
				t.Fatal(err)
			}
			if out, err := verify(t, root); err == nil {
				t.Errorf("zero manifests must be an error, got:\n%s", out)
			}
		})
	}
}
