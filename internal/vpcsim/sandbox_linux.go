package vpcsim

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// inside marks the process that runs in the sandbox.
const inside = "VPCSIM_INSIDE"

// required makes a missing precondition a failure: the gate sets it, so that
// the packet tests cannot be skipped there.
const required = "VPCSIM_REQUIRED"

// tools are the programs that machines and tests run, with the Debian package
// of each.
var tools = map[string]string{
	"ip": "iproute2", "nft": "nftables", "curl": "curl", "aws": "awscli", "nsenter": "util-linux",
	"unshare": "util-linux", "mount": "mount", "sysctl": "procps", "awk": "mawk", "getent": "libc-bin",
}

// Sandbox runs the calling test (or benchmark) again, in user, network, mount
// and process namespaces of its own, and returns whether this is that second
// process. The first one reports what the second one says. All that the second
// one starts dies with it.
//
// Where namespaces or tools are missing the test is skipped with the reason, or
// fails when VPCSIM_REQUIRED is set.
func Sandbox(tb testing.TB, env ...string) bool {
	tb.Helper()
	if os.Getenv(inside) != "" {
		if err := settle(); err != nil {
			tb.Fatalf("vpcsim: the sandbox: %v", err)
		}
		return true
	}
	if err := preconditions(); err != nil {
		message := fmt.Sprintf("NO PACKET WAS SENT: %v", err)
		if os.Getenv(required) != "" {
			tb.Fatal(message)
		}
		tb.Skip(message)
	}
	// The test's whole name and nothing else; how long and how loud is inherited.
	only := "^" + strings.ReplaceAll(regexp.QuoteMeta(tb.Name()), "/", "$/^") + "$"
	args := []string{"-test.v", "-test.run", only}
	if _, benchmark := tb.(*testing.B); benchmark {
		args = []string{"-test.run", "^$", "-test.bench", only}
	}
	for _, name := range []string{"test.timeout", "test.benchtime"} {
		args = append(args, "-"+name, flag.Lookup(name).Value.String())
	}
	cmd := sandboxed(os.Args[0], args...)
	cmd.Env = append(append(os.Environ(), inside+"=1"), env...)
	out, err := cmd.CombinedOutput()
	tb.Logf("in the sandbox:\n%s", out)
	if err != nil {
		tb.Fatalf("in the sandbox: %v", err)
	}
	return false
}

// sandboxed is a command in namespaces of its own, as root there.
func sandboxed(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...) //nolint:gosec // this test's own program, or a literal
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	return cmd
}

// preconditions says what this machine lacks.
func preconditions() error {
	var missing []string
	packages := map[string]bool{}
	for tool, pkg := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			missing = append(missing, tool)
			packages[pkg] = true
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		names := slices.Sorted(maps.Keys(packages))
		return fmt.Errorf("missing are %s; on Debian: sudo apt-get install --no-install-recommends %s", strings.Join(missing, ", "), strings.Join(names, " "))
	}
	probe := sandboxed("sh", "-c", "mount --make-rprivate / && mount -t proc none /proc && ip link set lo up && nft list ruleset")
	if out, err := probe.CombinedOutput(); err != nil {
		return fmt.Errorf("the kernel gives no user namespace with a network (%w: %s); see user.max_user_namespaces and kernel.apparmor_restrict_unprivileged_userns", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// settle makes the new namespaces usable.
func settle() error {
	steps := [][]string{
		{"mount", "--make-rprivate", "/"},
		{"mount", "-t", "proc", "proc", "/proc"},
		{"mount", "-t", "tmpfs", "tmpfs", "/run"},
		{"mount", "-t", "sysfs", "sysfs", "/sys"},
		{"ip", "link", "set", "lo", "up"},
	}
	var errs []error
	for _, step := range steps {
		errs = append(errs, run(step...))
	}
	return errors.Join(errs...)
}

// run runs a command and puts its output into the error.
func run(args ...string) error {
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
