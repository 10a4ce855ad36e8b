package charts_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/charts/internal/charttest"
	"github.com/fintrack/platform/config"
)

func TestMain(m *testing.M) { charttest.Main(m) }

func render(t *testing.T, env config.Environment, dir string) charts.Summary {
	t.Helper()
	summary, err := charts.Render(env, dir)
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

// tree is everything below a directory: content by path, "/" for a directory.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			found[name] = "/"
			return nil
		}
		data, err := os.ReadFile(path)
		found[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if maps.Equal(got, want) {
		return
	}
	t.Errorf("%s: there is\n  %v, want\n  %v", what, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	for name, content := range want {
		if other, ok := got[name]; ok && other != content {
			t.Errorf("%s: %s differs:\n%s\nwant\n%s", what, name, other, content)
		}
	}
}

func TestEachObjectIsAFileNamedAfterIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "staging")
	summary := render(t, charttest.Environment(t), dir)
	files := tree(t, dir)
	want := []string{
		"addons",
		"addons/ClusterSecretStore.aws-secrets-manager.yaml",
		"addons/Namespace.external-secrets.yaml",
		"addons/Namespace.logging.yaml",
		"addons/NetworkPolicy.external-secrets.yaml", "addons/NetworkPolicy.logging.yaml",
		"addons/ServiceAccount.aws-load-balancer-controller.yaml",
		"addons/ServiceAccount.external-secrets.yaml",
		"addons/ServiceAccount.fluent-bit.yaml",
		"fintrack",
		"fintrack/ConfigMap.web-d25c8d1c52.yaml",
		"fintrack/Deployment.web.yaml",
		"fintrack/ExternalSecret.web.yaml",
		"fintrack/HorizontalPodAutoscaler.web.yaml",
		"fintrack/Ingress.web.yaml",
		"fintrack/Namespace.fintrack.yaml",
		"fintrack/NetworkPolicy.default-deny.yaml",
		"fintrack/NetworkPolicy.web.yaml",
		"fintrack/PodDisruptionBudget.web.yaml",
		"fintrack/Service.web.yaml",
		"fintrack/ServiceAccount.web.yaml",
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("files are\n  %v, want\n  %v", got, want)
	}
	for file, content := range files {
		if content == "/" {
			continue
		}
		kind, name, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".yaml"), ".")
		if !strings.Contains(content, "\nkind: "+kind+"\n") || !strings.Contains(content, "\n  name: "+name+"\n") {
			t.Errorf("%s holds another object:\n%s", file, content)
		}
		if strings.Contains(content, "---") {
			t.Errorf("%s holds more than one document", file)
		}
	}
	if got, want := summary.String(), "8 manifests in addons, 11 in fintrack"; got != want {
		t.Errorf("the summary is %q, want %q", got, want)
	}
	if got := summary.Manifests(); got != 19 {
		t.Errorf("the summary counts %d manifests, want 19", got)
	}
}

func TestTwoRendersAreEqualByteForByte(t *testing.T) {
	env, base := charttest.Environment(t, charttest.Workloads(3)), t.TempDir()
	render(t, env, filepath.Join(base, "one"))
	render(t, env, filepath.Join(base, "two"))
	same(t, "the second render", tree(t, filepath.Join(base, "two")), tree(t, filepath.Join(base, "one")))
}

func TestARenderReplacesTheWholeDirectory(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "staging")
	render(t, charttest.Environment(t, charttest.Workloads(2)), dir)
	before := tree(t, dir)
	for _, stale := range []string{"gone/Deployment.old.yaml", "fintrack/Service.old.yaml"} {
		path := filepath.Join(dir, stale)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("kind: Stale\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	render(t, charttest.Environment(t, charttest.Workloads(2)), dir)
	same(t, "with stale files", tree(t, dir), before)

	render(t, charttest.Environment(t, charttest.Workloads(1)), dir)
	for file := range tree(t, dir) {
		if strings.Contains(file, "web-001") {
			t.Errorf("%s is left of a workload that is gone", file)
		}
	}
	onlyIn(t, base, "staging")
}

// collide makes a workload whose NetworkPolicy has the name of the one that
// closes the namespace: two objects for one file. Validate knows this name and
// refuses it; Render must not rely on that for names to come.
func collide(env *config.Environment) {
	w := env.Workloads[0]
	w.Name, w.Ingress = "default-deny", nil
	env.Workloads = append(env.Workloads, w)
}

func TestAfterAnErrorNothingHasChanged(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "staging")
	render(t, charttest.Environment(t), dir)
	before := tree(t, dir)

	bad := charttest.Environment(t)
	collide(&bad)
	_, err := charts.Render(bad, dir)
	if err == nil {
		t.Fatal("two objects were written to one file")
	}
	for _, part := range []string{"render staging", "NetworkPolicy.default-deny"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q: %v", part, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is longer than a line:\n%v", err)
	}
	same(t, "after the error", tree(t, dir), before)
	onlyIn(t, base, "staging")

	// And jsii is still usable.
	render(t, charttest.Environment(t), dir)
	same(t, "after the next render", tree(t, dir), before)
}

func TestAForeignDirectoryIsRefused(t *testing.T) {
	for name, file := range map[string]string{
		"a file beside the folders":    "notes.txt",
		"a manifest beside folders":    "Deployment.web.yaml",
		"another file in a folder":     "fintrack/README.md",
		"yaml of somebody else":        "fintrack/values.yaml",
		"folders in a folder":          "fintrack/base/Deployment.web.yaml",
		"a hidden directory":           ".git/HEAD",
		"a directory like a manifest":  "fintrack/Deployment.web.yaml/x",
		"a file that hides in folders": "fintrack/.Deployment.web.yaml",
	} {
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			dir := filepath.Join(base, "home")
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), []byte("mine"), 0o644); err != nil {
				t.Fatal(err)
			}
			before := tree(t, base)
			_, err := charts.Render(charttest.Environment(t), dir)
			if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "choose another") {
				t.Errorf("the error is %v, want one that names %s and what to do", err, dir)
			}
			same(t, "after the refusal", tree(t, base), before)
		})
	}
}

func TestALinkIsNotFollowed(t *testing.T) {
	base := t.TempDir()
	target, link := filepath.Join(base, "target"), filepath.Join(base, "staging")
	render(t, charttest.Environment(t), target)
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	before := tree(t, target)
	if _, err := charts.Render(charttest.Environment(t), link); err == nil || !strings.Contains(err.Error(), "is not a directory") {
		t.Errorf("the error is %v, want that the link is not a directory", err)
	}
	same(t, "behind the link", tree(t, target), before)
}

func TestADirectoryThatCannotBeMadeIsAnError(t *testing.T) {
	base := t.TempDir()
	if err := os.WriteFile(filepath.Join(base, "file"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"file", "file/staging", "file/deep/staging"} {
		if _, err := charts.Render(charttest.Environment(t), filepath.Join(base, dir)); err == nil || !strings.Contains(err.Error(), "not a directory") {
			t.Errorf("%s: the error is %v, want that a file is in the way", dir, err)
		}
	}
	same(t, "afterwards", tree(t, base), map[string]string{"file": "mine"})
}

func TestAnEmptyDirectoryIsUsed(t *testing.T) {
	dir := t.TempDir()
	render(t, charttest.Environment(t), dir)
	if len(tree(t, dir)) == 0 {
		t.Error("nothing was written")
	}
}

// onlyIn demands that a directory holds these entries and no rest of a render.
func onlyIn(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %v, want %v", dir, got, want)
	}
}
