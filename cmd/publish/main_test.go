package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
	"github.com/fintrack/platform/internal/cdktest"
	"github.com/fintrack/platform/internal/hydrator"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// source is a repository with one commit and no remote.
func source(t *testing.T) string {
	t.Helper()
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
		"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
	} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	git(t, dir, "init", "--quiet", "--initial-branch=main")
	git(t, dir, "commit", "--quiet", "--allow-empty", "--message", "Start")
	return dir
}

func load() ([]config.Environment, error) {
	return []config.Environment{configtest.Example()}, nil
}

func TestPublishCommitsWhatIsRendered(t *testing.T) {
	dir := source(t)
	env := configtest.Example()
	publish := func(options hydrator.Options) string {
		t.Helper()
		var out bytes.Buffer
		options.Dir = dir
		if err := run(t.Context(), &out, load, env.Name, options); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	branch := "environment/" + env.Name
	if out := publish(hydrator.Options{}); !strings.Contains(out, branch+" is ") || !strings.Contains(out, "manifests, rendered from ") {
		t.Errorf("the first time: %s", out)
	}
	// The branch is a tree of manifests, and its metadata.
	files := strings.Fields(git(t, dir, "ls-tree", "-r", "--name-only", branch))
	if len(files) < 10 || !strings.HasPrefix(files[0], "addons/") || files[len(files)-1] != "hydrator.metadata" {
		t.Errorf("the branch holds %v", files)
	}
	fresh := filepath.Join(t.TempDir(), "fresh")
	if _, err := charts.Render(env, fresh); err != nil {
		t.Fatal(err)
	}
	for _, file := range files[:len(files)-1] {
		data, err := os.ReadFile(filepath.Join(fresh, file))
		if err != nil {
			t.Error(err)
			continue
		}
		if published := git(t, dir, "show", branch+":"+file); published != strings.TrimSpace(string(data)) {
			t.Errorf("%s is not what is rendered", file)
		}
	}
	if out := publish(hydrator.Options{}); !strings.Contains(out, "manifests already, at ") || !strings.Contains(out, ": no commit\n") {
		t.Errorf("the second time: %s", out)
	}
	git(t, dir, "branch", "--quiet", "-D", branch)
	if out := publish(hydrator.Options{Proposal: true}); !strings.Contains(out, "next: open a pull request from "+branch+"-next to "+branch+"\n") {
		t.Errorf("a proposal: %s", out)
	}
}

func TestUnknownEnvironmentIsNamed(t *testing.T) {
	err := run(t.Context(), &bytes.Buffer{}, load, "nowhere", hydrator.Options{Dir: source(t)})
	if err == nil || !strings.Contains(err.Error(), `there is no environment "nowhere", choose one of `) {
		t.Errorf("the error is %v", err)
	}
}
