package vpcsim

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fintrack/platform/internal/iameval"
)

// Role is what the machines' instance profile allows.
type Role struct {
	Name     string
	Policies []iameval.Policy
	// Tags are the tags that machines and their own interfaces are launched
	// with; conditions of the policies look at them.
	Tags map[string]string
}

// Options of a VPC. The zero value has the delays of a quick test.
type Options struct {
	Role Role
	// Group, Hook and Resource are the names that a machine must use when it
	// reports to Auto Scaling and CloudFormation.
	Group, Hook, Resource string
	// AttachDelay and DetachDelay pass between the answer of the call and the
	// moment at which the interface comes or goes.
	AttachDelay, DetachDelay time.Duration
	// LoseAnswers drops the answers of that many calls of AssociateAddress: the
	// address moves while the call is under way.
	LoseAnswers int
	// DHCP configures a new interface as Amazon Linux does: address, and a second
	// default route behind the first.
	DHCP bool
	// Probes are the host names that the machines resolve to the target of
	// probes.
	Probes []string
}

// VPC is the fabric between the hosts. It lives in the network namespace of the
// test itself, which is the VPC's router and its internet gateway.
type VPC struct {
	tb      testing.TB
	dir     string
	options Options
	started time.Time

	mu       sync.Mutex
	public   map[string]string // public address → private address
	ownPub   map[string]string // private address → the public one it was launched with
	machines []*Machine
	eni      attachment
	calls    []Call
	metrics  []Metric
	signals  []string
	bypassed bool
	api      *api
}

// attachment is the state of the fixed interface.
type attachment struct {
	id      string
	machine *Machine
	status  string // "", "attaching", "attached", "detaching"
}

// New makes a VPC without machines: one in each sandbox.
func New(tb testing.TB, options Options) *VPC {
	tb.Helper()
	// Not the test's own directory: its name would have to fit mount options.
	dir, err := os.MkdirTemp("", "vpcsim") //nolint:usetesting // see above
	if err != nil {
		tb.Fatal(err)
	}
	v := &VPC{
		tb: tb, dir: dir, options: options, started: time.Now(),
		public: map[string]string{}, ownPub: map[string]string{},
	}
	tb.Cleanup(v.close)
	v.must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
		"net.ipv4.conf.all.send_redirects=0", "net.ipv4.conf.default.send_redirects=0")
	// The VPC's router answers as the first address of each subnet, on all links.
	for _, gateway := range []string{"10.0.101.1", "10.0.1.1", "10.0.2.1", "198.51.100.1"} {
		v.must("ip", "address", "add", gateway+"/32", "dev", "lo")
	}
	v.host("private", "10.0.1.1", PrivateHost)
	v.host("private2", "10.0.2.1", PrivateHost2)
	v.host("internet", "198.51.100.1", InternetHost, apiHost, probeHost)
	// Within the VPC everything is reached directly; the rest goes where the
	// private route table says.
	v.must("ip", "rule", "add", "pref", "100", "to", "10.0.0.0/16", "lookup", "main")
	v.must("ip", "rule", "add", "pref", "101", "iif", "private", "lookup", "100")
	v.must("ip", "rule", "add", "pref", "101", "iif", "private2", "lookup", "100")
	v.must("ip", "route", "add", "default", "dev", "internet", "via", InternetHost, "onlink")
	v.must("ip", "route", "replace", "blackhole", "default", "table", "100")
	v.gateway()
	v.api = newAPI(v)
	return v
}

// close ends the machines. The rest goes with the sandbox.
func (v *VPC) close() {
	for _, m := range slices.Clone(v.machines) {
		m.Kill()
	}
	if v.api != nil {
		v.api.close()
	}
	if err := os.RemoveAll(v.dir); err != nil {
		v.tb.Error(err)
	}
}

// host makes a namespace with a link to the router.
func (v *VPC) host(name, gateway string, addresses ...string) {
	v.must("ip", "netns", "add", name)
	v.must("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
	v.must("ip", "link", "set", name, "up")
	v.must("ip", "-n", name, "link", "set", "lo", "up")
	for _, address := range addresses {
		v.must("ip", "-n", name, "address", "add", address+"/32", "dev", "eth0")
		v.must("ip", "route", "add", address, "dev", name)
	}
	v.must("ip", "-n", name, "link", "set", "eth0", "up")
	v.must("ip", "-n", name, "route", "add", "default", "via", gateway, "dev", "eth0", "onlink", "src", addresses[0])
}

// gateway loads the internet gateway: public addresses are mapped one to one
// and without state, and nothing without a public address passes. Interfaces
// with a source/destination check pass their own packets only.
func (v *VPC) gateway() {
	var in, out, check strings.Builder
	for public, private := range v.public {
		fmt.Fprintf(&in, "    iifname \"internet\" ip daddr %s ip daddr set %s\n", public, private)
		fmt.Fprintf(&out, "    oifname \"internet\" ip saddr %s ip saddr set %s\n", private, public)
	}
	drop := "    oifname \"internet\" ip saddr 10.0.0.0/16 drop\n"
	machines := v.machines
	if v.bypassed {
		drop, machines = "", nil
	}
	for _, m := range machines {
		fmt.Fprintf(&check, "    iifname %q ip saddr != %s drop\n", m.outsideLink(), m.outside)
		fmt.Fprintf(&check, "    oifname %q ip daddr != %s drop\n", m.outsideLink(), m.outside)
	}
	rules := fmt.Sprintf(`add table ip vpc
delete table ip vpc
table ip vpc {
  chain in {
    type filter hook prerouting priority raw;
%s  }
  chain check {
    type filter hook forward priority filter;
%s  }
  chain out {
    type filter hook postrouting priority srcnat;
    oifname "internet" ip saddr 198.51.100.0/24 accept
%s%s  }
}
`, in.String(), check.String(), out.String(), drop)
	file := filepath.Join(v.dir, "gateway.nft")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		v.tb.Error(err)
	}
	v.must("nft", "--file", file)
}

// privateRoute sends the private subnets' traffic to the fixed interface, or
// nowhere.
func (v *VPC) privateRoute(link string) {
	if link == "" {
		v.must("ip", "route", "replace", "blackhole", "default", "table", "100")
		return
	}
	v.must("ip", "route", "replace", "default", "via", InsideAddress, "dev", link, "onlink", "table", "100")
}

// associate moves the Elastic IP. It takes away the public address that the
// other end was launched with.
func (v *VPC) associate(private string) {
	for public, holder := range v.public {
		if holder == private || public == Address {
			delete(v.public, public)
		}
	}
	v.public[Address] = private
	v.gateway()
}

// publicOf is the public address of a private one, or empty.
func (v *VPC) publicOf(private string) string {
	for public, holder := range v.public {
		if holder == private {
			return public
		}
	}
	return ""
}

// Holder is the machine that has the fixed interface, and AddressHolder the one
// that has the Elastic IP; nil is nobody.
func (v *VPC) Holder() *Machine {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.eni.machine
}

// AddressHolder is described at Holder.
func (v *VPC) AddressHolder() *Machine {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, m := range v.machines {
		if v.public[Address] == m.outside {
			return m
		}
	}
	return nil
}

// Bypass opens a way between the internet and the private host by a machine's
// own interface, as a hostile neighbour could: without the internet gateway,
// without a source/destination check. What then passes, the machine lets pass.
func (v *VPC) Bypass(m *Machine) (restore func()) {
	v.must("ip", "rule", "add", "pref", "50", "iif", "internet", "to", PrivateCIDR, "lookup", "101")
	v.must("ip", "route", "replace", "default", "via", m.outside, "dev", m.outsideLink(), "onlink", "table", "101")
	bypass := func(on bool) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.bypassed = on
		v.gateway()
	}
	bypass(true)
	return func() {
		bypass(false)
		v.must("ip", "rule", "delete", "pref", "50")
	}
}

// Detach takes the fixed interface from whoever has it, and TakeAddress the
// Elastic IP, as a person could by hand.
func (v *VPC) Detach() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if m := v.eni.machine; m != nil {
		v.try("ip", "link", "delete", m.name+"in")
	}
	v.privateRoute("")
	v.eni = attachment{}
}

// TakeAddress is described at Detach.
func (v *VPC) TakeAddress() {
	v.mu.Lock()
	defer v.mu.Unlock()
	holder := v.public[Address]
	delete(v.public, Address)
	v.public["203.0.113.99"] = holder // the machine is not cut off
	v.gateway()
}

// must runs a command that has to succeed.
func (v *VPC) must(args ...string) {
	if err := run(args...); err != nil {
		v.tb.Errorf("vpcsim: %v", err)
	}
}

// try runs a command that may fail.
func (v *VPC) try(args ...string) { _ = exec.Command(args[0], args[1:]...).Run() }
