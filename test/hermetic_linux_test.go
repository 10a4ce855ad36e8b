package test

import (
	"os"
	"os/exec"
	"syscall"
)

// withoutNetwork starts a command in a network namespace of its own, which has
// not even a loopback interface that is up.
func withoutNetwork(command *exec.Cmd) bool {
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}},
	}
	return true
}
