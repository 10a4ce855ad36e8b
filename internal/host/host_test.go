package host

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// programs are what this test binary does in place of tests when it is started
// again with the program's name in HOST_TEST_PROGRAM.
var programs = map[string]func() error{
	"fine": func() error {
		constructs.NewRootConstruct(jsii.String("root"))
		return nil
	},
	"error": func() error { return fmt.Errorf("the input is wrong\nin two lines%s", "\n") },
	"panic": func() error { panic("nat: Props.X must be something") },
	"jsii": func() error {
		root := constructs.NewRootConstruct(jsii.String("root"))
		constructs.NewConstruct(root, jsii.String("twice"))
		constructs.NewConstruct(root, jsii.String("twice"))
		return nil
	},
}

func TestMain(m *testing.M) {
	if program, ok := programs[os.Getenv("HOST_TEST_PROGRAM")]; ok {
		Main(program)
	}
	os.Exit(m.Run())
}

// start runs one of the programs and returns what it printed to standard error.
func start(t *testing.T, program string, extra ...string) (stderr string, status int) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(append(os.Environ(), "HOST_TEST_PROGRAM="+program), extra...)
	var printed strings.Builder
	command.Stderr = &printed
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return printed.String(), command.ProcessState.ExitCode()
}

func TestMainEndsWithOneClearLine(t *testing.T) {
	for program, want := range map[string]struct {
		status int
		stderr string
	}{
		"fine":  {0, ""},
		"error": {1, "error: the input is wrong\nin two lines\n"},
		"panic": {1, "error: nat: Props.X must be something\n"},
		"jsii":  {1, "error: There is already a Construct with name 'twice' in RootConstruct [root]\n"},
	} {
		stderr, status := start(t, program)
		if status != want.status || stderr != want.stderr {
			t.Errorf("%s: status %d and %q, want %d and %q", program, status, stderr, want.status, want.stderr)
		}
	}
}

func TestTraceIsShownOnRequest(t *testing.T) {
	if stderr, _ := start(t, "panic", "FINTRACK_TRACE=1"); !strings.Contains(stderr, "goroutine") {
		t.Errorf("there is no trace in %q", stderr)
	}
}

// TestPinnedNodeWins puts a Node that does not work first on PATH.
func TestPinnedNodeWins(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "node"), []byte("#!/bin/sh\nexit 42\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := "PATH=" + dir + string(os.PathListSeparator) + os.Getenv("PATH")
	if stderr, status := start(t, "fine", path); status != 0 {
		t.Errorf("the Node on PATH was used: status %d, %s", status, stderr)
	}
	// The test can fail: whoever sets JSII_NODE gets what was asked for.
	if _, status := start(t, "fine", "JSII_NODE="+filepath.Join(dir, "node")); status == 0 {
		t.Error("a broken Node went unnoticed")
	}
}

func TestNothingIsLeftInTheTemporaryDirectory(t *testing.T) {
	for _, program := range []string{"fine", "jsii"} {
		dir := t.TempDir()
		start(t, program, "TMPDIR="+dir)
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 0 {
			t.Errorf("%s leaves %v %v", program, left, err)
		}
	}
}

func TestRootIsFoundFromBelowAndNotFromOutside(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Errorf("%s is not the root: %v", root, err)
	}
	t.Chdir(t.TempDir())
	if _, err := Root(); err == nil || !strings.Contains(err.Error(), "no cdk.json") {
		t.Errorf("outside of the repository the error is %v", err)
	}
}
