package vpcsim

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Machine is one EC2 instance: a network namespace, and a mount namespace whose
// /etc and /usr/local are the machine's disk.
type Machine struct {
	ID string

	vpc       *VPC
	number    int
	name      string // of its namespaces and links
	dir       string
	outside   string // private address of its own interface
	ownENI    string
	linkNames [2]string // of outside and inside, as the machine sees them
	keeper    *exec.Cmd // holds the mount namespace
	metadata  *http.Server
	dead      bool
}

// systemctl is what machines have in systemd's place: it starts the one
// service that is enabled, and writes down what it was asked.
const systemctl = `#!/bin/bash
echo "systemctl $*" >>"$MACHINE/systemctl.log"
start() {
  pid=$(cat "$MACHINE/service.pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null && return
  command=$(sed -n 's/^ExecStart=//p' /etc/systemd/system/nat.service)
  setsid $command >>"$MACHINE/journal.log" 2>&1 </dev/null &
  echo $! >"$MACHINE/service.pid"
}
case "$*" in
  daemon-reload | "try-restart systemd-networkd.service") ;;
  "enable --quiet --now nat.service") touch "$MACHINE/enabled"; start ;;
  "start nat.service") start ;;
  poweroff) touch "$MACHINE/off" ;;
  *) echo "systemctl: unexpected: $*" >&2; exit 1 ;;
esac
`

// Launch makes a machine with a public address of its own and with user data
// on its disk. Boot runs it.
func (v *VPC) Launch(userData string) *Machine {
	v.tb.Helper()
	v.mu.Lock()
	number := len(v.machines) + 1
	for slices.ContainsFunc(v.machines, func(m *Machine) bool { return m.number == number }) {
		number++
	}
	m := &Machine{
		ID: fmt.Sprintf("i-0a1b2c3d4e5f7%04d", number), vpc: v, number: number, name: fmt.Sprintf("m%d", number),
		dir: filepath.Join(v.dir, fmt.Sprint("machine", len(v.calls), "-", number)), outside: fmt.Sprintf("10.0.101.%d", 100+number), ownENI: fmt.Sprintf("eni-0a1b2c3d4e5f8%04d", number),
		// Never the same names, and never in the same order.
		linkNames: [][2]string{{"ens5", "ens6"}, {"eth1", "eth0"}, {"wan7", "a0"}}[number%3],
	}
	v.machines = append(v.machines, m)
	v.public[fmt.Sprintf("203.0.113.%d", 100+number)] = m.outside
	v.mu.Unlock()

	// The directories that are written to belong to whoever runs the test, so that
	// it needs no root.
	for _, dir := range []string{"bin", "etc.work", "local.work", "etc/nat", "etc/sysctl.d", "etc/systemd/system", "etc/systemd/networkd.conf.d", "local/sbin"} {
		if err := os.MkdirAll(filepath.Join(m.dir, dir), 0o755); err != nil {
			v.tb.Fatal(err)
		}
	}
	m.write("user-data", userData, 0o755)
	m.write("bin/systemctl", systemctl, 0o755)
	m.write("ca.pem", v.api.certificate, 0o644)
	hosts := []string{"127.0.0.1 localhost"}
	for _, service := range []string{"ec2", "autoscaling", "cloudformation", "monitoring"} {
		hosts = append(hosts, apiHost+" "+service+"."+Region+".amazonaws.com")
	}
	for _, probe := range v.options.Probes {
		hosts = append(hosts, probeHost+" "+probe)
	}
	m.write("etc/hosts", strings.Join(hosts, "\n")+"\n", 0o644)
	m.powerOn()
	return m
}

func (m *Machine) write(name, content string, mode os.FileMode) {
	if err := os.WriteFile(filepath.Join(m.dir, name), []byte(content), mode); err != nil {
		m.vpc.tb.Fatal(err)
	}
}

func (m *Machine) outsideLink() string { return m.name + "out" }

// powerOn makes the namespaces and what the hypervisor and the image give: links,
// address, default route, metadata service.
func (m *Machine) powerOn() {
	v := m.vpc
	v.must("ip", "netns", "add", m.name)
	v.must("ip", "-n", m.name, "link", "set", "lo", "up")
	v.must("ip", "-n", m.name, "address", "add", "169.254.169.254/32", "dev", "lo")
	// The strictest that a distribution sets; the machine has to know better.
	v.must("ip", "netns", "exec", m.name, "sysctl", "-q", "-w", "net.ipv4.ip_forward=0", "net.ipv4.conf.all.rp_filter=1", "net.ipv4.conf.default.rp_filter=1")
	v.plug(m, m.outsideLink(), m.linkNames[0], m.mac(0), m.outside)
	v.must("ip", "-n", m.name, "link", "set", m.linkNames[0], "up")
	v.must("ip", "-n", m.name, "address", "add", m.outside+"/24", "dev", m.linkNames[0])
	v.must("ip", "-n", m.name, "route", "add", "default", "via", "10.0.101.1", "dev", m.linkNames[0], "metric", "512")
	v.mu.Lock()
	v.gateway()
	held := v.eni.machine == m
	v.mu.Unlock()
	if held {
		v.plugInside(m)
	}

	m.keeper = exec.Command("nsenter", "--net="+netns(m.name), "unshare", "--mount", "--propagation", "private", "sh", "-c",
		`mount -t overlay etc -o lowerdir=/etc,upperdir="$1/etc",workdir="$1/etc.work" /etc &&
		mount -t overlay local -o lowerdir=/usr/local,upperdir="$1/local",workdir="$1/local.work" /usr/local &&
		mount -t tmpfs run /run && mkdir -p /run/systemd/system && mount -t sysfs sys /sys && echo ready && exec sleep infinity`, "sh", m.dir)
	out, err := m.keeper.StdoutPipe()
	if err == nil {
		m.keeper.Stderr = os.Stderr
		err = m.keeper.Start()
	}
	if err == nil {
		_, err = out.Read(make([]byte, 6))
	}
	if err != nil {
		v.tb.Fatalf("vpcsim: a machine's disk: %v", err)
	}
	listener, err := v.Listen(m.name, "169.254.169.254:80")
	if err != nil {
		v.tb.Fatal(err)
	}
	m.metadata = &http.Server{Handler: m.serveMetadata(), ReadHeaderTimeout: patience}
	go m.metadata.Serve(listener) //nolint:errcheck // ends when the machine is switched off
}

// plug makes a link between the router and a machine.
func (v *VPC) plug(m *Machine, here, there, mac, address string) {
	v.must("ip", "link", "add", here, "type", "veth", "peer", "name", there, "address", mac, "netns", m.name)
	v.must("ip", "link", "set", here, "up")
	v.must("ip", "route", "replace", address, "dev", here)
}

// plugInside gives a machine the fixed interface.
func (v *VPC) plugInside(m *Machine) {
	v.plug(m, m.name+"in", m.linkNames[1], m.mac(1), InsideAddress)
	v.privateRoute(m.name + "in")
	if v.options.DHCP {
		v.must("ip", "-n", m.name, "link", "set", m.linkNames[1], "up")
		v.must("ip", "-n", m.name, "address", "add", InsideAddress+"/24", "dev", m.linkNames[1], "metric", "513")
		v.must("ip", "-n", m.name, "route", "add", "default", "via", "10.0.101.1", "dev", m.linkNames[1], "metric", "513")
	}
}

// mac is the MAC address of an interface: its own (0), or the fixed one (1).
func (m *Machine) mac(index int) string {
	if index == 1 {
		return "02:00:00:00:ff:01"
	}
	return fmt.Sprintf("02:00:00:00:01:%02x", m.number)
}

// Command is a command on the machine, with the tools and the certificates that
// it needs here. Settings are NAME=value.
func (m *Machine) Command(settings []string, args ...string) *exec.Cmd {
	cmd := exec.Command("nsenter", append([]string{"--target", strconv.Itoa(m.keeper.Process.Pid), "--mount", "--net", "--"}, args...)...)
	cmd.Env = append([]string{
		"PATH=" + filepath.Join(m.dir, "bin") + ":" + os.Getenv("PATH"),
		"HOME=" + os.Getenv("HOME"),
		"MACHINE=" + m.dir,
		"AWS_CA_BUNDLE=" + filepath.Join(m.dir, "ca.pem"),
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
	}, settings...)
	return cmd
}

// Boot runs the user data and returns what it printed. The service that it
// enables goes on.
func (m *Machine) Boot(settings ...string) (string, error) {
	return m.Run(settings, filepath.Join(m.dir, "user-data"))
}

// Run runs a command on the machine and returns what it printed.
func (m *Machine) Run(settings []string, args ...string) (string, error) {
	cmd := m.Command(settings, args...)
	file, err := os.CreateTemp(m.dir, "output")
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	// A file and not a pipe: the service must not keep the caller waiting.
	cmd.Stdout, cmd.Stderr = file, file
	err = cmd.Run()
	out, readErr := os.ReadFile(file.Name())
	if err == nil {
		err = readErr
	}
	return string(out), err
}

// Journal is what the service has printed so far.
func (m *Machine) Journal() string { return m.read("journal.log") }

// Systemctl lists what systemd was asked.
func (m *Machine) Systemctl() string { return m.read("systemctl.log") }

// Off tells whether the machine has switched itself off.
func (m *Machine) Off() bool {
	_, err := os.Stat(filepath.Join(m.dir, "off"))
	return err == nil
}

func (m *Machine) read(name string) string {
	data, err := os.ReadFile(filepath.Join(m.dir, name))
	if err != nil && !os.IsNotExist(err) {
		m.vpc.tb.Error(err)
	}
	return string(data)
}

// Install puts a program on the machine's PATH, before those of the system.
func (m *Machine) Install(name, text string) { m.write("bin/"+name, text, 0o755) }

// File writes a file into the machine's own directory, $MACHINE.
func (m *Machine) File(name, text string) { m.write(name, text, 0o644) }

// Read reads one; a file that is not there is empty.
func (m *Machine) Read(name string) string { return m.read(name) }

// Namespace is the machine as a host that Listen and Dial know.
func (m *Machine) Namespace() string { return m.name }

// PathWithout is a PATH on which a program is missing: the machine's own
// directory, and one with links to all others.
func (m *Machine) PathWithout(program string) string {
	links := filepath.Join(m.dir, "without-"+program)
	if err := os.Mkdir(links, 0o755); err != nil {
		m.vpc.tb.Fatal(err)
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		entries, _ := os.ReadDir(dir) // a directory of PATH need not exist
		for _, entry := range entries {
			if entry.Name() != program {
				_ = os.Symlink(filepath.Join(dir, entry.Name()), filepath.Join(links, entry.Name())) // the first one counts
			}
		}
	}
	return filepath.Join(m.dir, "bin") + ":" + links
}

// Disk lists the files that the machine has written below /etc and /usr/local,
// with the time of their last change.
func (m *Machine) Disk() map[string]time.Time {
	files := map[string]time.Time{}
	for _, top := range []string{"etc", "local"} {
		err := filepath.Walk(filepath.Join(m.dir, top), func(path string, info os.FileInfo, err error) error {
			if err == nil && info.Mode().IsRegular() {
				rel, _ := filepath.Rel(m.dir, path)
				files[rel] = info.ModTime()
			}
			return err
		})
		if err != nil {
			m.vpc.tb.Error(err)
		}
	}
	return files
}

// powerOff ends every process of the machine and takes its namespaces away.
func (m *Machine) powerOff() {
	v := m.vpc
	out, _ := exec.Command("ip", "netns", "pids", m.name).Output()
	for pid := range strings.FieldsSeq(string(out)) {
		if n, err := strconv.Atoi(pid); err == nil {
			_ = syscall.Kill(n, syscall.SIGKILL)
		}
	}
	_ = m.keeper.Wait()
	if m.metadata != nil { // it came that far
		_ = m.metadata.Close()
	}
	v.try("ip", "link", "delete", m.outsideLink())
	v.try("ip", "link", "delete", m.name+"in")
	v.try("ip", "netns", "delete", m.name)
	_ = os.Remove(filepath.Join(m.dir, "service.pid"))
}

// Kill terminates the machine: its processes, its interface and its public
// address are gone, and the fixed interface is free.
func (m *Machine) Kill() {
	v := m.vpc
	if m.dead {
		return
	}
	m.dead = true
	m.powerOff()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.machines = slices.DeleteFunc(v.machines, func(other *Machine) bool { return other == m })
	for public, private := range v.public {
		if private == m.outside {
			delete(v.public, public)
		}
	}
	if v.eni.machine == m {
		v.eni = attachment{}
		v.privateRoute("")
	}
	v.gateway()
}

// Reboot switches the machine off and on again. What the kernel held is gone;
// disk, interfaces and addresses stay. The service starts if it was enabled.
func (m *Machine) Reboot(settings ...string) error {
	m.powerOff()
	m.powerOn()
	if _, err := os.Stat(filepath.Join(m.dir, "enabled")); err != nil {
		return nil //nolint:nilerr // nothing was enabled, so nothing starts
	}
	out, err := m.Run(settings, "systemctl", "start", "nat.service")
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}
