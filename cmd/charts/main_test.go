package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/internal/host"
)

// The test binary is also the program: with this variable set it is main.
const asProgram = "FINTRACK_TEST_AS_CHARTS"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	host.Prepare()
	m.Run()
	host.Close()
}

// start runs the program in an empty directory.
func start(t *testing.T, dir string, env []string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), asProgram+"=1"), env...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func TestAllEnvironmentsAreRenderedToDist(t *testing.T) {
	dir := t.TempDir()
	stdout, stderr, status := start(t, dir, []string{"CDK8S_OUTDIR="})
	if status != 0 || stdout != "" {
		t.Fatalf("status %d, standard output %q, want 0 and none; standard error:\n%s", status, stdout, stderr)
	}
	for _, env := range config.All() {
		if !exists(filepath.Join(dir, "dist", env.Name, "fintrack", "Deployment.web.yaml")) {
			t.Errorf("%s was not rendered", env.Name)
		}
		report := regexp.QuoteMeta(filepath.Join("dist", env.Name)) + `: \d+ manifests in addons, \d+ in fintrack\n`
		if !regexp.MustCompile(report).MatchString(stderr) {
			t.Errorf("the report does not tell what was rendered for %s:\n%s", env.Name, stderr)
		}
	}
	for _, noise := range []string{"abnormally", "waitid", "end-of-life"} {
		if strings.Contains(stderr, noise) {
			t.Errorf("the report has noise of jsii in it (%s):\n%s", noise, stderr)
		}
	}
}

func TestTheCLISaysWhereTo(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "elsewhere")
	// The CLI sets the second one when it has plugins that check the result;
	// what is rendered must not depend on that.
	cli := []string{"CDK8S_OUTDIR=" + out, "CDK8S_RECORD_CONSTRUCT_METADATA=true"}
	if _, stderr, status := start(t, dir, cli, "-env", "staging"); status != 0 {
		t.Fatalf("status %d:\n%s", status, stderr)
	}
	if !exists(filepath.Join(out, "staging", "addons")) || exists(filepath.Join(dir, "dist")) {
		t.Error("the manifests are not where CDK8S_OUTDIR says")
	}
}

func TestAMistakeOnTheCommandLineIsOneLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-env", "nowhere"}, "error: there is no environment \"nowhere\", choose one of staging\n"},
		{[]string{"staging"}, "error: unknown argument \"staging\"; the only option is -env NAME\n"},
	} {
		dir := t.TempDir()
		_, stderr, status := start(t, dir, nil, c.args...)
		if status != 1 || stderr != c.want {
			t.Errorf("%v: status %d, standard error %q, want 1 and %q", c.args, status, stderr, c.want)
		}
		if exists(filepath.Join(dir, "dist")) {
			t.Errorf("%v: something was written", c.args)
		}
	}
}

func TestWithoutNodeTheErrorIsOneLine(t *testing.T) {
	dir := t.TempDir()
	_, stderr, status := start(t, dir, []string{"PATH=" + dir, "JSII_NODE=" + filepath.Join(dir, "node")})
	if status != 1 || !strings.HasPrefix(stderr, "error: render staging: ") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("status %d, standard error:\n%s", status, stderr)
	}
	if entries, _ := os.ReadDir(filepath.Join(dir, "dist")); len(entries) != 0 {
		t.Errorf("dist holds %v", entries)
	}
}

func valid(envs ...config.Environment) func() ([]config.Environment, error) {
	return func() ([]config.Environment, error) { return envs, nil }
}

func TestNothingIsWrittenUnlessTheConfigurationIsValid(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dist")
	problems := errors.New("production: account: \"1234\" must be twelve digits")
	load := func() ([]config.Environment, error) { return []config.Environment{config.Staging()}, problems }
	var log strings.Builder
	if err := run(load, "staging", dir, &log); !errors.Is(err, problems) {
		t.Errorf("the error is %v, want the problems of the configuration", err)
	}
	if exists(dir) || log.Len() > 0 {
		t.Errorf("something was written, and the log says %q", log.String())
	}
}

func TestOneEnvironmentCanBePicked(t *testing.T) {
	one, two := config.Staging(), config.Staging()
	two.Name = "production"
	dir := t.TempDir()
	if err := run(valid(one, two), "production", dir, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}
	if exists(filepath.Join(dir, "staging")) || !exists(filepath.Join(dir, "production")) {
		t.Error("not the picked environment was rendered")
	}
}

func TestAnUnreleasedWorkloadIsSaid(t *testing.T) {
	env := config.Staging()
	env.Releases = config.Releases{}
	var log strings.Builder
	if err := run(valid(env), "", t.TempDir(), &log); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "web has no release yet, its image is the placeholder :unreleased") {
		t.Errorf("the log does not say that there is no release:\n%s", log.String())
	}
}
