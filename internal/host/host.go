// Package host runs a program on jsii the way a user should see it: on the
// pinned Node, without the runtime's noise, and with one clear line instead of
// a stack trace.
//
//   - Main: what every main function of the repository calls
//   - Prepare, Close: the same for test binaries
//   - Root: the repository's root directory
package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/aws/jsii-runtime-go"
)

// Main runs a program and ends the process: status 0, or 1 after the error has
// been printed to standard error. A panic below run counts as an error; its
// trace is printed only when FINTRACK_TRACE is set.
func Main(run func() error) {
	stderr := os.Stderr // Close points os.Stderr away
	err := guard(run)
	Close()
	if err != nil {
		fmt.Fprintln(stderr, "error: "+strings.TrimSpace(err.Error()))
		os.Exit(1)
	}
	os.Exit(0)
}

func guard(run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
			if os.Getenv("FINTRACK_TRACE") != "" {
				err = fmt.Errorf("%w\n%s", err, debug.Stack())
			}
		}
	}()
	Prepare()
	return run()
}

// Prepare sets the environment that jsii's kernel process inherits. It comes
// before anything that is made with jsii.
//
//   - Node is the one that package.json pins, wherever the program was started
//     from. Without an installed pin the choice is jsii's: `node` from PATH.
//   - CDK does not register its own template validator, because package
//     cfnvalidate does, for every app.
func Prepare() {
	set("CDK_VALIDATION", "false")
	if root, err := Root(); err == nil && os.Getenv("JSII_NODE") == "" {
		node := filepath.Join(root, "node_modules", ".bin", "node")
		if _, err := os.Stat(node); err == nil {
			set("JSII_NODE", node)
		}
	}
	// jsii has prepared its kernel process already, with the environment as it
	// was when the first CDK package was initialized. It has not been started;
	// closing it makes jsii prepare another.
	jsii.Close()
}

// set sets an environment variable; that fails only for an impossible name.
func set(key, value string) {
	if err := os.Setenv(key, value); err != nil {
		panic(fmt.Sprintf("host: set %s: %v", key, err))
	}
}

// Close ends the jsii kernel and removes its temporary directory. Call it once,
// when nothing of jsii is used any more.
//
// jsii-runtime-go waits for the kernel process in two goroutines at once, and
// the one that comes second complains on standard error ("Runtime process
// exited abnormally: waitid: no child processes") although all is well. It may
// do so at any time after, so os.Stderr stays pointed away from here on.
func Close() {
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null
	}
	jsii.Close()
}

// Root finds the repository's root directory: the nearest one upwards from the
// working directory that holds cdk.json.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "cdk.json")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("find the repository: no cdk.json in the working directory or above it")
		}
		dir = parent
	}
}
