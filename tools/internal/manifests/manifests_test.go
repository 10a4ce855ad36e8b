package manifests_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/tools/internal/manifests"
)

// tree writes files below a new root.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestEnvironmentsAreTheFoldersInDist(t *testing.T) {
	root := tree(t, map[string]string{
		"dist/staging/a.yaml":            "a: 1\n",
		"dist/production/b/c.yaml":       "a: 1\n",
		"dist/production/nothing-to-see": "",
		"dist/README.md":                 "not a manifest\n",
	})
	got, err := manifests.Environments(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []manifests.Environment{{"production", "dist/production"}, {"staging", "dist/staging"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEnvironmentsRefusesWhatWouldNotBeChecked(t *testing.T) {
	linked := tree(t, map[string]string{"elsewhere/a.yaml": "a: 1\n", "dist/staging/a.yaml": "a: 1\n"})
	if err := os.Symlink("../elsewhere", filepath.Join(linked, "dist", "production")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for name, tc := range map[string]struct{ root, want string }{
		"no dist":               {tree(t, nil), "make synth"},
		"empty dist":            {tree(t, map[string]string{"dist/README.md": ""}), "make synth"},
		"manifest beside":       {tree(t, map[string]string{"dist/x.yaml": "", "dist/staging/a.yaml": ""}), "dist/x.yaml"},
		"linked environment":    {linked, "dist/production"},
		"manifest in JSON":      {tree(t, map[string]string{"dist/x.JSON": "", "dist/staging/a.yaml": ""}), "dist/x.JSON"},
		"manifest ending .yml":  {tree(t, map[string]string{"dist/x.yml": "", "dist/staging/a.yaml": ""}), "dist/x.yml"},
		"dist is a file":        {tree(t, map[string]string{"dist": ""}), "dist"},
		"dist holds files only": {tree(t, map[string]string{"dist/notes.txt": ""}), "make synth"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := manifests.Environments(tc.root)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("the error must name %q, got: %v", tc.want, err)
			}
		})
	}
}

func TestInventoryCountsResources(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want int
	}{
		"one":                    {"kind: A\n", 1},
		"leading separator":      {"---\nkind: A\n", 1},
		"three":                  {"kind: A\n---\nkind: B\n---\nkind: C\n", 3},
		"separator with comment": {"kind: A\n--- # next\nkind: B\n", 2},
		"ended document":         {"kind: A\n...\n---\nkind: B\n...\n", 2},
		"empty documents":        {"---\n---\nkind: A\n---\n# only a comment\n---\n", 1},
		"empty file":             {"", 0},
		"separator inside text":  {"kind: A\ntext: |\n  ---\n  b: 1\n", 1},
		"list":                   {"apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: B\n", 2},
		"empty list":             {"apiVersion: v1\nkind: List\nitems: []\n", 0},
		"not a mapping":          {"- a\n- b\n", 1},
		"windows line ends":      {"kind: A\r\n---\r\nkind: B\r\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			root := tree(t, map[string]string{"dist/staging/a.yaml": tc.text})
			files, err := manifests.Inventory(root, manifests.Environment{Name: "staging", Path: "dist/staging"})
			if err != nil {
				t.Fatal(err)
			}
			if len(files) != 1 || files[0].Err != nil || files[0].Resources != tc.want {
				t.Errorf("got %+v, want one file with %d resources", files, tc.want)
			}
		})
	}
}

func TestInventoryListsFilesByPath(t *testing.T) {
	root := tree(t, map[string]string{
		"dist/staging/b.yml":           "kind: B\n",
		"dist/staging/a/z.json":        `{"kind": "A"}`,
		"dist/staging/broken.yaml":     "kind: A\n---\na: [\n",
		"dist/staging/hydrator":        "not a manifest",
		"dist/staging/.hidden/c.yaml":  "kind: C\n",
		"dist/production/other-env.ym": "",
	})
	files, err := manifests.Inventory(root, manifests.Environment{Name: "staging", Path: "dist/staging"})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path)
		if broken := f.Path == "dist/staging/broken.yaml"; broken != (f.Err != nil) || f.Resources != 1 {
			t.Errorf("%+v: want one resource, and an error only for the broken file", f)
		}
	}
	want := []string{"dist/staging/.hidden/c.yaml", "dist/staging/a/z.json", "dist/staging/b.yml", "dist/staging/broken.yaml"}
	if !slices.Equal(paths, want) {
		t.Errorf("got %v, want %v", paths, want)
	}
}

func TestInventoryOfAMissingFolderIsAnError(t *testing.T) {
	if _, err := manifests.Inventory(t.TempDir(), manifests.Environment{Name: "x", Path: "dist/x"}); err == nil {
		t.Error("want an error")
	}
}
