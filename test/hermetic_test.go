package test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSynthIsHermetic runs the program of `make synth` in another process
// without a network, in another time zone and language, below AWS settings that
// must not matter and with a directory of its own for temporary files, and wants
// the very bytes that this process has made.
func TestSynthIsHermetic(t *testing.T) {
	env := released(t)
	dir := t.TempDir()
	program := filepath.Join(dir, "synth")
	if output, err := exec.Command("go", "build", "-o", program, root("cmd", "synth")).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, output)
	}
	temporary := filepath.Join(dir, "tmp")
	if err := os.Mkdir(temporary, 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-templates", filepath.Join(dir, "cdk.out"), "-manifests", filepath.Join(dir, "dist"))
	command.Dir = root()
	command.Env = append(os.Environ(),
		"TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "TMPDIR="+temporary,
		"HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9",
		"AWS_PROFILE=none", "AWS_REGION=us-west-2", "CDK_DEFAULT_ACCOUNT=999999999999", "CDK_DEFAULT_REGION=us-west-2")
	alone := withoutNetwork(command)
	output, err := command.CombinedOutput()
	if err != nil && alone && strings.Contains(err.Error(), "operation not permitted") {
		t.Log("this system grants no network namespace; the network is closed by proxy settings only")
		command = again(command)
		output, err = command.CombinedOutput()
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for name, pair := range map[string][2]string{
		"templates": {env.assembly, filepath.Join(dir, "cdk.out")},
		"manifests": {env.manifests, filepath.Join(dir, "dist", "staging")},
	} {
		want, got := tree(t, pair[0]), tree(t, pair[1])
		for path := range want {
			if !bytes.Equal(want[path], got[path]) {
				t.Errorf("%s: %s is not the same the second time", name, path)
			}
		}
		for path := range got {
			if _, ok := want[path]; !ok {
				t.Errorf("%s: %s is made the second time only", name, path)
			}
		}
		if len(want) < 10 {
			t.Errorf("%s: only %d files were compared", name, len(want))
		}
	}
	// Nothing is left behind, and the output has none of jsii's noise.
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v %v", left, err)
	}
	for _, noise := range []string{"exited abnormally", "end-of-life", "deprecated", "WARNING", "!!"} {
		if strings.Contains(string(output), noise) {
			t.Errorf("the output has %q in it:\n%s", noise, output)
		}
	}
	for _, part := range []string{"6 stacks", "manifests", "done in", "next: make test"} {
		if !strings.Contains(string(output), part) {
			t.Errorf("the output does not say %q:\n%s", part, output)
		}
	}
}

// again is a command that has not run, without the namespace.
func again(command *exec.Cmd) *exec.Cmd {
	fresh := exec.Command(command.Path, slices.Clone(command.Args[1:])...)
	fresh.Dir, fresh.Env = command.Dir, command.Env
	return fresh
}
