package test

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

var update = flag.Bool("update", false, "write the golden tree instead of comparing with it")

// TestGolden compares both planes with the committed trees: staging as it is,
// and "everything", staging with all that is optional, so that a change of an
// option is seen too. A change is accepted by `make golden` and reviewed
// together with the code.
func TestGolden(t *testing.T) {
	for name, env := range map[string]*environment{"staging": staging(t), "everything": everything(t)} {
		got := map[string][]byte{}
		for _, stack := range stacksOf(t, env.assembly) {
			got["cloudformation/"+stack+".template.json"] = readFile(t, filepath.Join(env.assembly, stack+".template.json"))
		}
		for path, content := range tree(t, env.manifests) {
			got["kubernetes/"+path] = content
		}
		golden := filepath.Join("golden", name)
		if *update {
			writeTree(t, golden, got)
			continue
		}
		compareTrees(t, golden, tree(t, golden), got)
	}
}

func compareTrees(t *testing.T, name string, want, got map[string][]byte) {
	t.Helper()
	for path, content := range got {
		old, ok := want[path]
		switch {
		case !ok:
			t.Errorf("%s is new; review it and run `make golden`", filepath.Join(name, path))
		case string(old) != string(content):
			t.Errorf("%s differs; if that is what you want, run `make golden`\n%s", filepath.Join(name, path),
				diff.Diff("golden", old, "now", content))
		}
	}
	for path := range want {
		if _, ok := got[path]; !ok {
			t.Errorf("%s is an orphan, nothing makes it any more; run `make golden`", filepath.Join(name, path))
		}
	}
}

// TestGoldenComparison shows that the comparison itself can fail.
func TestGoldenComparison(t *testing.T) {
	files := func(content string) map[string][]byte { return map[string][]byte{"a.yaml": []byte(content)} }
	for name, c := range map[string]struct {
		want, got map[string][]byte
		fails     bool
	}{
		"same":    {files("x\n"), files("x\n"), false},
		"changed": {files("x\n"), files("y\n"), true},
		"new":     {nil, files("x\n"), true},
		"orphan":  {files("x\n"), nil, true},
	} {
		inner := &testing.T{}
		compareTrees(inner, name, c.want, c.got)
		if inner.Failed() != c.fails {
			t.Errorf("%s: failed is %v, want %v", name, inner.Failed(), c.fails)
		}
	}
}

// tree reads every file below a directory; a missing directory is empty.
func tree(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(rel)] = readFile(t, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func writeTree(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for path, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		// Templates come without a final newline; the tree is the exact bytes.
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// root is the repository's root as seen from this package.
func root(parts ...string) string {
	return filepath.Join(append([]string{".."}, parts...)...)
}

// lines splits a text, without a last empty line.
func lines(text string) []string {
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}
