package folder_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fintrack/platform/internal/folder"
)

// write puts files below a directory, by path and content.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for path, content := range files {
		file := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// read lists files and contents below a directory.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[rel] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: there are %v, want %v", what, got, want)
		return
	}
	for path, content := range want {
		if got[path] != content {
			t.Errorf("%s: %s holds %q, want %q", what, path, got[path], content)
		}
	}
}

var (
	before = map[string]string{"chart/Service.web.yaml": "old", "chart/Service.gone.yaml": "old"}
	after  = map[string]string{"chart/Service.web.yaml": "new"}
)

func TestReplaceLeavesNothingOfBefore(t *testing.T) {
	for name, start := range map[string]map[string]string{"a render": before, "nothing": nil} {
		parent := t.TempDir()
		dir := filepath.Join(parent, "deep", "dist")
		write(t, dir, start)
		if err := folder.Replace(dir, folder.Manifests, func(fresh string) error {
			write(t, fresh, after)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		same(t, "after "+name, read(t, parent), map[string]string{"deep/dist/chart/Service.web.yaml": "new"})
	}
}

func TestReplaceAcceptsAnEmptyDirectory(t *testing.T) {
	dir := t.TempDir()
	for _, ours := range []func(string) error{folder.Manifests, folder.Assembly} {
		if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, "out"), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := folder.Replace(filepath.Join(dir, "out"), ours, func(fresh string) error {
			write(t, fresh, after)
			return nil
		}); err != nil {
			t.Error(err)
		}
	}
}

func TestFailedWriteChangesNothing(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "dist")
	write(t, dir, before)
	wanted := errors.New("wrong input")
	err := folder.Replace(dir, folder.Manifests, func(fresh string) error {
		write(t, fresh, map[string]string{"chart/Service.half.yaml": "half"})
		return wanted
	})
	if !errors.Is(err, wanted) {
		t.Errorf("the error is %v", err)
	}
	same(t, "after a failure", read(t, parent), map[string]string{"dist/chart/Service.web.yaml": "old", "dist/chart/Service.gone.yaml": "old"})

	func() { // a panic must not leave a half either
		defer func() { recover() }()                                     //nolint:errcheck // it is ours
		folder.Replace(dir, folder.Manifests, func(fresh string) error { //nolint:errcheck // it panics
			write(t, fresh, map[string]string{"x": "y"})
			panic("bug")
		})
	}()
	same(t, "after a panic", read(t, dir), before)
	if entries, _ := os.ReadDir(parent); len(entries) != 1 {
		t.Errorf("temporary files are left: %v", entries)
	}
}

func TestForeignDirectoriesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		ours  func(string) error
		says  string
	}{
		"a letter":          {map[string]string{"letter.txt": "dear"}, folder.Manifests, "it holds letter.txt"},
		"a letter below":    {map[string]string{"chart/letter.txt": "dear"}, folder.Manifests, "it holds chart/letter.txt"},
		"folders in folder": {map[string]string{"a/b/Service.x.yaml": "x"}, folder.Manifests, "it holds a/b"},
		"no assembly":       {map[string]string{"letter.txt": "dear"}, folder.Assembly, "it has no file cdk.out"},
	} {
		dir := t.TempDir()
		write(t, dir, c.files)
		err := folder.Replace(dir, c.ours, func(string) error {
			t.Errorf("%s: it was written to", name)
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error is %v, want one with %q", name, err, c.says)
		}
		same(t, name, read(t, dir), c.files)
	}
	file := filepath.Join(t.TempDir(), "file")
	write(t, filepath.Dir(file), map[string]string{"file": "x"})
	if err := folder.Replace(file, folder.Manifests, nil); err == nil || !strings.Contains(err.Error(), "is not a directory") {
		t.Errorf("for a file the error is %v", err)
	}
}

func TestAssemblyIsRecognized(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"cdk.out": "{}", "A.template.json": "{}"})
	if err := folder.Assembly(dir); err != nil {
		t.Error(err)
	}
}

func TestListManifestsGroupsByFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"a/Service.x.yaml": "", "a/Deployment.y.yaml": "", "b/ConfigMap.z-1.yaml": ""})
	got, err := folder.ListManifests(dir)
	if err != nil || len(got) != 2 || len(got["a"]) != 2 || got["b"][0] != "ConfigMap.z-1.yaml" {
		t.Errorf("the list is %v %v", got, err)
	}
	if _, err := folder.ListManifests(filepath.Join(dir, "missing")); err == nil {
		t.Error("a missing directory is no error")
	}
}

func TestPruneRemovesOnlyWhatIsOursAndNotKept(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"staging/chart/Service.web.yaml": "kept",
		"gone/chart/Service.web.yaml":    "ours",
		"letters/letter.txt":             "foreign",
		"letter.txt":                     "foreign",
	})
	if err := folder.Prune(dir, folder.Manifests, "staging"); err != nil {
		t.Fatal(err)
	}
	same(t, "after pruning", read(t, dir), map[string]string{
		"staging/chart/Service.web.yaml": "kept",
		"letters/letter.txt":             "foreign",
		"letter.txt":                     "foreign",
	})
	if err := folder.Prune(filepath.Join(dir, "missing"), folder.Manifests); err != nil {
		t.Errorf("a missing directory is an error: %v", err)
	}
}
