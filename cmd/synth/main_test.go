package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

// example is staging before anybody has edited or released anything.
func example() []config.Environment { return []config.Environment{configtest.Example()} }

func TestRunReplacesBothPlanesAndSaysWhatComesNext(t *testing.T) {
	dir := t.TempDir()
	templates, manifests := filepath.Join(dir, "cdk.out"), filepath.Join(dir, "dist")
	for range 2 {
		var out strings.Builder
		if err := run(&out, example(), templates, manifests); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			`6 stacks, \d\d+ resources`,
			`dist/staging/ +\d+ manifests in addons, \d+ in fintrack`,
			`done in \d+\.\d s`,
			`note: staging/web has no release yet`,
			"note: staging still holds 4 values of the example; `make doctor` names them",
			`next: make test, then npx cdk deploy FinTrackStaging `,
		} {
			if !regexp.MustCompile(want).MatchString(out.String()) {
				t.Errorf("the output has no %q:\n%s", want, out.String())
			}
		}
		// The second time there is something stale to be removed.
		for _, stale := range []string{
			filepath.Join(templates, "Gone.template.json"),
			filepath.Join(manifests, "staging", "fintrack", "Service.gone.yaml"),
			filepath.Join(manifests, "gone", "fintrack", "Service.web.yaml"), // of a whole environment
		} {
			if _, err := os.Stat(stale); err == nil {
				t.Errorf("%s is still there", stale)
			}
			if err := os.MkdirAll(filepath.Dir(stale), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(stale, []byte("{}"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestRunRefusesForeignDirectories(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{dir, filepath.Join(dir, "dist")}, {filepath.Join(dir, "cdk.out"), filepath.Dir(dir)}} {
		err := run(&strings.Builder{}, []config.Environment{foreign(dir)}, c[0], c[1])
		if err == nil || !strings.Contains(err.Error(), "choose another") {
			t.Errorf("templates to %s and manifests to %s: %v", c[0], c[1], err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "letter.txt")); err != nil || string(data) != "dear" {
		t.Errorf("the letter is gone: %v", err)
	}
}

// foreign is staging by the name of a directory that is not ours.
func foreign(dir string) config.Environment {
	env := configtest.Example()
	env.Name = filepath.Base(dir)
	return env
}
