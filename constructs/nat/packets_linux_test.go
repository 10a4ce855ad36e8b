package nat_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fintrack/platform/internal/iameval"
	"github.com/fintrack/platform/internal/vpcsim"
)

// What the tests ask: a mirror on the internet, which says who asked.
const mirror = vpcsim.InternetHost + ":80"

// quick makes the service look every second and not every ten, and leave a free
// interface to others for four seconds and not for thirty. hasty looks more often
// and loses its patience after two seconds and not after sixty. idle is for tests
// of the boot alone.
var (
	quick = []string{"NAT_ROUND=1", "NAT_YIELD=4"}
	hasty = []string{"NAT_ROUND=0.2", "NAT_YIELD=4", "NAT_PATIENCE=2"}
	idle  = []string{"NAT_ROUND=3600"}
)

// vpc makes a VPC in which machines boot what is rendered.
func vpc(tb testing.TB, rendered rendered, change func(*vpcsim.Options)) *vpcsim.VPC {
	tb.Helper()
	options := vpcsim.Options{
		Role:        vpcsim.Role{Name: rendered.Group, Tags: rendered.Tags},
		Group:       rendered.Group,
		Hook:        rendered.Hook,
		Resource:    rendered.Resource,
		AttachDelay: 200 * time.Millisecond,
		DetachDelay: 300 * time.Millisecond,
		Probes:      probeHosts,
	}
	policy, err := iameval.Parse(rendered.Policy)
	if err != nil {
		tb.Fatal(err)
	}
	options.Role.Policies = []iameval.Policy{policy}
	if change != nil {
		change(&options)
	}
	v := vpcsim.New(tb, options)
	v.Mirror("internet", mirror)
	v.Mirror("private", vpcsim.PrivateHost+":80") // which nobody may reach
	return v
}

// boot launches a machine that must come up.
func boot(tb testing.TB, v *vpcsim.VPC, userData string, settings ...string) *vpcsim.Machine {
	tb.Helper()
	m := v.Launch(userData)
	out, err := m.Boot(append(slices.Clone(quick), settings...)...)
	if err := serves(v, m, err); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	return m
}

// kernel is what the kernel must be told. Idle times are those of RFC 5382
// (REQ-5) and RFC 4787 (REQ-5).
var kernel = map[string]string{
	"net.ipv4.ip_forward":                                "1",
	"net.ipv4.conf.all.rp_filter":                        "2",
	"net.ipv4.conf.all.send_redirects":                   "0",
	"net.netfilter.nf_conntrack_tcp_timeout_established": "7440",
	"net.netfilter.nf_conntrack_udp_timeout":             "120",
	"net.netfilter.nf_conntrack_udp_timeout_stream":      "300",
}

// serves says what is wrong with a NAT after its boot: the machine has what it
// must have, in the right order, has told so, and packets pass one way only.
func serves(v *vpcsim.VPC, m *vpcsim.Machine, bootErr error) error {
	if bootErr != nil {
		return fmt.Errorf("the boot fails: %w", bootErr)
	}
	if v.Holder() != m || v.AddressHolder() != m {
		return errors.New("interface and address are not with the machine")
	}
	for _, call := range v.Calls("ec2:AttachNetworkInterface") {
		if call.Machine == m.ID && call.Probes == 0 {
			return errors.New("the interface was attached before a packet was forwarded")
		}
	}
	for _, call := range v.Calls("ec2:AssociateAddress") {
		if call.Machine == m.ID && net.ParseIP(call.Witness) == nil {
			return fmt.Errorf("the address was associated while the private host was not served: %s", call.Witness)
		}
	}
	if forbidden := v.Forbidden(); len(forbidden) > 0 {
		return fmt.Errorf("calls that the role forbids: %+v", forbidden)
	}
	for _, want := range []string{"CloudFormation SUCCESS " + m.ID, "Auto Scaling CONTINUE " + m.ID} {
		if !slices.Contains(v.Signals(), want) {
			return fmt.Errorf("%q was not told: %q", want, v.Signals())
		}
	}
	for _, host := range []string{"private", "private2"} {
		if seen, err := v.See(host, mirror); err != nil || seen != vpcsim.Address {
			return fmt.Errorf("%s is seen as %q on the internet (%w), want the Elastic IP", host, seen, err)
		}
	}
	if !strings.Contains(m.Systemctl(), "enable --quiet --now nat.service") {
		return errors.New("the service is not enabled: after a reboot nothing would forward")
	}
	for name, want := range kernel {
		if got, err := m.Run(nil, "sysctl", "--values", name); err != nil || strings.TrimSpace(got) != want {
			return fmt.Errorf("%s is %q (%w), want %s", name, got, err, want)
		}
	}
	return closed(v, m)
}

// closed says how somebody could come in.
func closed(v *vpcsim.VPC, m *vpcsim.Machine) error {
	for _, c := range []struct{ from, address string }{
		{"internet", vpcsim.Address + ":22"},
		{"private", vpcsim.InsideAddress + ":22"},
	} {
		conn, err := v.DialWithin(300*time.Millisecond, c.from, "tcp4", c.address)
		if err == nil {
			conn.Close()
		}
		// Not even a refusal: it would reset a connection that the predecessor knew.
		if err == nil || !strings.Contains(err.Error(), "timeout") {
			return fmt.Errorf("%s gets an answer from %s: %w", c.from, c.address, err)
		}
	}
	defer v.Bypass(m)()
	if conn, err := v.DialWithin(300*time.Millisecond, "internet", "tcp4", vpcsim.PrivateHost+":80"); err == nil {
		conn.Close()
		return errors.New("a connection from the internet is forwarded to the private host")
	}
	return nil
}

// eventually waits until a condition holds, and says what it was when it does
// not.
func eventually(tb testing.TB, patience time.Duration, what string, condition func() error) {
	tb.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := condition()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			tb.Errorf("%s: not within %v: %v", what, patience, err)
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// seenAs is a condition: the private host is seen with the Elastic IP.
func seenAs(v *vpcsim.VPC) func() error {
	return func() error {
		seen, err := v.See("private", mirror)
		if err == nil && seen != vpcsim.Address {
			err = errors.New("seen as " + seen)
		}
		return err
	}
}

func TestPacketsGoOutAsTheElasticIPAndNothingComesIn(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		m := boot(t, v, r.UserData, idle...)

		// Datagrams, and a real resolver's questions, by UDP and by TCP.
		v.MirrorPackets("internet", vpcsim.InternetHost+":123")
		conn, err := v.Dial("private", "udp4", vpcsim.InternetHost+":123")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if seen, err := vpcsim.Ask(conn, "time?"); err != nil || seen != vpcsim.Address {
			t.Errorf("a datagram is seen from %q: %v", seen, err)
		}
		v.NameServer("internet", vpcsim.InternetHost+":53", "203.0.113.77")
		for _, network := range []string{"udp4", "tcp4"} {
			resolver := net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
				return v.Dial("private2", network, vpcsim.InternetHost+":53")
			}}
			if got, err := resolver.LookupHost(t.Context(), "cluster0.example.com."); err != nil || !slices.Equal(got, []string{"203.0.113.77"}) {
				t.Errorf("DNS by %s answers %v: %v", network, got, err)
			}
		}

		// Something listens on the machine, and is not reached.
		listener, err := v.Listen(m.Namespace(), ":22")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		if err := closed(v, m); err != nil {
			t.Error(err)
		}
		// A forged connection does arrive when nothing stands in its way, so closed
		// would notice.
		if out, err := m.Run(nil, "nft", "flush", "chain", "ip", "nat", "forward"); err != nil {
			t.Fatal(out)
		}
		if out, err := m.Run(nil, "nft", "add", "chain", "ip", "nat", "forward", "{ policy accept; }"); err != nil {
			t.Fatal(out)
		}
		if err := closed(v, m); err == nil || !strings.Contains(err.Error(), "forwarded to the private host") {
			t.Errorf("without the machine's rules a forged connection should arrive: %v", err)
		}
	})
}

// The kernel lets no namespace but its first size the table, so this looks at
// what the script asks for.
func TestConnectionTrackingIsSizedForTheMachine(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		m := v.Launch(r.UserData)
		sysctl, err := exec.LookPath("sysctl")
		if err != nil {
			t.Fatal(err)
		}
		m.Install("sysctl", "#!/bin/bash\necho \"$*\" >>\"$MACHINE/sysctl.log\"\nexec "+sysctl+" \"$@\"\n")
		m.Install("awk", `#!/bin/bash
[[ $* == *meminfo* ]] || exec `+awk(t)+` "$@"
echo "MemTotal:         945000 kB" | `+awk(t)+` "$1"
`)
		out, err := m.Boot(idle...)
		if err := serves(v, m, err); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		// 0.4 KiB for each of 236,250 connections is a tenth of a t4g.micro's memory.
		for _, want := range []string{"net.netfilter.nf_conntrack_max=236250", "net.netfilter.nf_conntrack_buckets=59062"} {
			if log := m.Read("sysctl.log"); !strings.Contains(log, want) {
				t.Errorf("the kernel is not told %s:\n%s", want, log)
			}
		}
	})
}

func awk(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("awk")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPacketsOfManyFlowsKeepApart(t *testing.T) {
	inSandbox(t, func(r rendered) {
		const flows = 1000 // of each host
		v := vpc(t, r, nil)
		boot(t, v, r.UserData, idle...)
		var conns []net.Conn
		for _, host := range []string{"private", "private2"} {
			more, err := v.DialMany(flows, host, "tcp4", mirror)
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, more...)
		}
		// All are open, and each is its own: twice, in turns.
		for round := range 2 {
			errs := make([]error, len(conns))
			var group sync.WaitGroup
			for i, conn := range conns {
				group.Go(func() {
					seen, err := vpcsim.Ask(conn, fmt.Sprint("round ", round, " flow ", i))
					if err == nil && seen != vpcsim.Address {
						err = errors.New("seen as " + seen)
					}
					errs[i] = err
				})
			}
			group.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Fatal(err)
			}
		}
		for _, conn := range conns {
			conn.Close()
		}
	})
}

// systemd itself says that it would start the service at every boot.
func TestServiceIsOneThatSystemdTakes(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		m := boot(t, v, r.UserData, idle...)
		for _, c := range []struct{ change, want string }{
			{"true", ""},
			{`sed -i 's/^Restart=always/Restart=often/' /etc/systemd/system/nat.service`, "often"},
			{"chmod 0644 /usr/local/sbin/nat", "not executable"},
		} {
			out, err := m.Run(nil, "bash", "-c", c.change+"; "+analyze+" verify --man=no nat.service 2>&1 | grep -i nat || true")
			if err != nil || (c.want == "" && out != "") || !strings.Contains(out, c.want) {
				t.Errorf("after %s systemd says %q (%v), want %q", c.change, out, err, c.want)
			}
		}
		out, err := m.Run(nil, "sed", "-n", "/^\\[Install\\]/,$p", "/etc/systemd/system/nat.service")
		if err != nil || !strings.Contains(out, "WantedBy=multi-user.target") {
			t.Errorf("the service is wanted by nothing: %q (%v)", out, err)
		}
	})
}

// state is everything of a machine that a second run could change.
func state(t *testing.T, v *vpcsim.VPC, m *vpcsim.Machine) map[string]string {
	t.Helper()
	all := map[string]string{"calls that change something": fmt.Sprint(v.Mutations())}
	for path, changed := range m.Disk() {
		all["file "+path] = changed.String()
	}
	for _, command := range []string{"nft list ruleset", "ip address", "ip route", "ip rule", "ip netns list", "sysctl net.ipv4.conf net.ipv4.ip_forward net.netfilter"} {
		out, err := m.Run(nil, "bash", "-c", command+" 2>/dev/null | grep -v conntrack_count")
		if err != nil {
			t.Fatalf("%s: %v: %s", command, err, out)
		}
		all[command] = out
	}
	return all
}

func TestSecondRunOfTheScriptChangesNothing(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		m := boot(t, v, r.UserData, idle...)
		before := state(t, v, m)
		out, err := m.Boot(idle...)
		if err := serves(v, m, err); err != nil {
			t.Errorf("after the second run: %v\n%s", err, out)
		}
		after := state(t, v, m)
		for _, key := range slices.Sorted(maps.Keys(after)) {
			if before[key] != after[key] {
				t.Errorf("%s was\n%s\nand is\n%s", key, before[key], after[key])
			}
		}
		if len(before) < 10 || len(before) != len(after) {
			t.Errorf("%d things were looked at before and %d after", len(before), len(after))
		}
	})
}

// traffic asks from the private host again and again until it is stopped, and
// returns the longest time without an answer.
func traffic(v *vpcsim.VPC) (stop func() (outage time.Duration, answers int, strangers []string)) {
	done, finished := make(chan struct{}), make(chan struct{})
	var outage time.Duration
	var strangers []string
	answers, last := 0, time.Now()
	go func() {
		defer close(finished)
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
			seen, err := v.SeeWithin(200*time.Millisecond, "private", mirror)
			if err != nil {
				continue
			}
			answers++
			if gap := time.Since(last); gap > outage {
				outage = gap
			}
			last = time.Now()
			if seen != vpcsim.Address && !slices.Contains(strangers, seen) {
				strangers = append(strangers, seen)
			}
		}
	}()
	return func() (time.Duration, int, []string) {
		close(done)
		<-finished
		return outage, answers, strangers
	}
}

func TestReplacementTakesOverTheSameAddressesAndOpenConnections(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		first := boot(t, v, r.UserData, idle...)
		open, err := v.Dial("private", "tcp4", mirror)
		if err != nil {
			t.Fatal(err)
		}
		defer open.Close()
		if _, err := vpcsim.Ask(open, "before"); err != nil {
			t.Fatal(err)
		}
		stop := traffic(v)
		time.Sleep(500 * time.Millisecond)

		first.Kill()
		if _, err := v.SeeWithin(100*time.Millisecond, "private", mirror); err == nil {
			t.Error("the private host is served without a NAT")
		}
		second := boot(t, v, r.UserData, idle...)
		outage, answers, strangers := stop()
		t.Logf("MEASURED: a lost NAT is replaced at once: outage %.1f s, which is the script's part; %d requests answered", outage.Seconds(), answers)
		if answers == 0 || outage < 500*time.Millisecond {
			t.Errorf("%d answers and an outage of %v: this measured nothing", answers, outage)
		}
		// Until the Elastic IP has moved the successor uses its temporary address.
		if len(strangers) > 1 {
			t.Errorf("the private host was seen as %v", strangers)
		}
		if v.Holder() != second {
			t.Error("the interface is not with the successor")
		}
		// The mirror saw the connection from the Elastic IP and one port, and so it
		// does now: the successor has learned it from its next packet. It was silent
		// meanwhile. One that speaks after the interface has come and before the
		// address has leaves as a stranger, and the other side resets it.
		if seen, err := vpcsim.Ask(open, "after"); err != nil || seen != vpcsim.Address {
			t.Errorf("the connection that was open before is seen as %q: %v", seen, err)
		}
	})
}

func TestSuccessorTakesOverWithoutWaitingForThePredecessorsEnd(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		first := boot(t, v, r.UserData, hasty...)
		stop := traffic(v)
		time.Sleep(500 * time.Millisecond)
		second := boot(t, v, r.UserData, idle...)
		time.Sleep(500 * time.Millisecond)
		outage, answers, _ := stop()
		t.Logf("MEASURED: a NAT is replaced while it runs: outage %.1f s; %d requests answered", outage.Seconds(), answers)
		if answers < 20 {
			t.Errorf("%d answers: this measured nothing", answers)
		}
		// The predecessor takes nothing back. Without an address it can tell nobody
		// how it is, and goes down.
		eventually(t, 60*time.Second, "the predecessor goes down", func() error {
			if !first.Off() {
				return errors.New(first.Journal())
			}
			return nil
		})
		if v.Holder() != second || v.AddressHolder() != second {
			t.Error("interface and address are not with the successor")
		}
		for _, action := range []string{"ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface", "ec2:AssociateAddress"} {
			if calls := v.Calls(action); calls[len(calls)-1].Machine != second.ID {
				t.Errorf("the predecessor's was the last call of %s: %+v", action, calls)
			}
		}
		if err := seenAs(v)(); err != nil {
			t.Error(err)
		}
	})
}

func TestNATRepairsWhatIsTakenFromIt(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, func(o *vpcsim.Options) { o.DHCP = true })
		m := boot(t, v, r.UserData)
		command := func(args ...string) func() {
			return func() {
				if out, err := m.Run(nil, args...); err != nil {
					t.Errorf("%v: %s", args, out)
				}
			}
		}
		for _, c := range []struct {
			name string
			take func()
		}{
			{"the rules", command("nft", "delete", "table", "ip", "nat")},
			{"the masquerading rule", command("nft", "flush", "chain", "ip", "nat", "postrouting")},
			{"forwarding", command("sysctl", "-q", "-w", "net.ipv4.ip_forward=0")},
			{"the routes to the clients", command("ip", "route", "delete", vpcsim.PrivateCIDR)},
			{"the interface", v.Detach},
			{"the address", v.TakeAddress},
			{"everything, by a reboot", func() {
				if err := m.Reboot(quick...); err != nil {
					t.Error(err)
				}
			}},
		} {
			c.take()
			if _, err := v.SeeWithin(100*time.Millisecond, "private", mirror); err == nil && c.name != "the address" && c.name != "everything, by a reboot" {
				t.Logf("%s: repaired before anybody could notice", c.name)
			}
			start := time.Now()
			eventually(t, 20*time.Second, c.name, seenAs(v))
			t.Logf("%s: repaired in %.1f s", c.name, time.Since(start).Seconds())
		}
		if signals := strings.Join(v.Signals(), "\n"); strings.Contains(signals, "Unhealthy") || m.Off() {
			t.Errorf("the machine gave up, and could repair all: %s", signals)
		}
		if t.Failed() {
			t.Log(m.Journal())
		}
	})
}

// counters stands in for ethtool, which has nothing to say of a link that is
// not ENA's.
const counters = `#!/bin/bash
n=$(cat "$MACHINE/refused" 2>/dev/null || echo 0)
printf 'NIC statistics:\n     bw_in_allowance_exceeded: %d\n     bw_out_allowance_exceeded: %d\n     pps_allowance_exceeded: %d\n     conntrack_allowance_exceeded: %d\n     linklocal_allowance_exceeded: 9\n' "$n" "$n" "$n" "$((n * 10))"
`

func TestNATMeasuresItselfAndAsksToBeReplacedWhenItCannotForward(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		m := v.Launch(r.UserData)
		m.Install("ethtool", counters)
		out, err := m.Boot(hasty...)
		if err := serves(v, m, err); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		value := func(name string, accept func(float64) bool) func() error {
			return func() error {
				var got []float64
				for _, metric := range v.Metrics() {
					if metric.Name != name {
						continue
					}
					if metric.Namespace != r.Namespace || !maps.Equal(metric.Dimensions, map[string]string{"NAT": r.Group}) {
						return fmt.Errorf("published as %+v", metric)
					}
					got = append(got, metric.Value)
				}
				if len(got) == 0 || !accept(got[len(got)-1]) {
					return fmt.Errorf("published were %v", got)
				}
				return nil
			}
		}
		is := func(want float64) func(float64) bool { return func(got float64) bool { return got == want } }
		for name, accept := range map[string]func(float64) bool{
			"Forwarding": is(1), "ProbeLoss": is(0), "BandwidthRefused": is(0), "ConntrackRefused": is(0),
			"ConntrackUse": func(got float64) bool { return got >= 0 && got < 100 },
		} {
			eventually(t, 15*time.Second, name, value(name, accept))
		}
		// Three counters on two interfaces, and one on two.
		m.File("refused", "7")
		eventually(t, 15*time.Second, "BandwidthRefused", func() error { return published(v, "BandwidthRefused", 42) })
		eventually(t, 15*time.Second, "ConntrackRefused", func() error { return published(v, "ConntrackRefused", 140) })

		v.BlockProbes(true)
		eventually(t, 30*time.Second, "ProbeLoss", value("ProbeLoss", is(100)))
		eventually(t, 30*time.Second, "Forwarding", value("Forwarding", is(0)))
		eventually(t, 30*time.Second, "the request to be replaced", func() error {
			if !slices.Contains(v.Signals(), "Auto Scaling Unhealthy "+m.ID) {
				return fmt.Errorf("told was %q", v.Signals())
			}
			return nil
		})
		if m.Off() {
			t.Error("the machine switches itself off although it is heard")
		}
		v.BlockProbes(false)
		eventually(t, 30*time.Second, "Forwarding", value("Forwarding", is(1)))
		if m.Off() {
			t.Error("the machine has switched itself off")
		}

		// Nobody hears it: it goes down, and that is seen.
		v.BlockProbes(true)
		v.BlockAPI(true)
		eventually(t, 120*time.Second, "a machine without any way out switches itself off", func() error {
			if !m.Off() {
				return errors.New("it is on")
			}
			return nil
		})
		if t.Failed() {
			t.Log(m.Journal())
		}
	})
}

// published says whether a value was ever published.
func published(v *vpcsim.VPC, name string, want float64) error {
	var got []float64
	for _, metric := range v.Metrics() {
		if metric.Name == name {
			got = append(got, metric.Value)
		}
	}
	if !slices.Contains(got, want) {
		return fmt.Errorf("published were %v, want %v", got, want)
	}
	return nil
}

func TestBootSurvivesWhatRacesWithIt(t *testing.T) {
	// dnf fails twice, then installs nft.
	const dnf = `#!/bin/bash
echo "dnf $*" >>"$MACHINE/dnf.log"
(($(wc -l <"$MACHINE/dnf.log") > 2)) || exit 1
ln -s "$REAL_NFT" "$MACHINE/bin/nft"
`
	for name, c := range map[string]struct {
		options func(*vpcsim.Options)
		machine func(t *testing.T, m *vpcsim.Machine) (settings []string)
		log     string
	}{
		"the answer of the association is lost":        {options: func(o *vpcsim.Options) { o.LoseAnswers = 1 }},
		"slow hot plug, and DHCP on the new interface": {options: func(o *vpcsim.Options) { o.DHCP, o.AttachDelay = true, 3*time.Second }},
		"nft is not in the image": {machine: func(t *testing.T, m *vpcsim.Machine) []string {
			t.Helper()
			nft, err := exec.LookPath("nft")
			if err != nil {
				t.Fatal(err)
			}
			m.Install("dnf", dnf)
			return []string{"REAL_NFT=" + nft, "PATH=" + m.PathWithout("nft")}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inSandbox(t, func(r rendered) {
				v := vpc(t, r, c.options)
				m := v.Launch(r.UserData)
				settings := slices.Clone(idle)
				if c.machine != nil {
					settings = append(settings, c.machine(t, m)...)
				}
				out, err := m.Boot(settings...)
				if err := serves(v, m, err); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		})
	}
}

// faults are mistakes in the script, as replacements of its text. Each must be
// found by what the other tests look at.
var faults = map[string][2]string{
	"no masquerading":                           {`oifname "$outside" masquerade`, ""},
	"masquerading on the wrong interface":       {`oifname "$outside" masquerade`, `oifname != "$outside" masquerade`},
	"the interfaces are mixed up":               {`outside=$(link_of "$outside_mac")`, `outside=$PROBE`},
	"forwarding off":                            {"net.ipv4.ip_forward = 1", "net.ipv4.ip_forward = 0"},
	"the address before forwarding":             {"  retry 60 forwarding_works\n  log \"forwarding works\"\n", "  retry 60 have_address\n"},
	"the address before the interface":          {"  retry 120 have_interface take\n  retry 60 have_address\n", "  retry 60 have_address\n  retry 120 have_interface take\n"},
	"the interface before forwarding":           {"  retry 60 forwarding_works\n  log \"forwarding works\"\n", ""},
	"no routes to the clients":                  {`ip route replace "$client"`, `true "$client"`},
	"only one client":                           {`for client in $NAT_CLIENTS; do`, `for client in ${NAT_CLIENTS%% *}; do`},
	"strict reverse-path filtering":             {"rp_filter = 2", "rp_filter = 1"},
	"the machine answers":                       {"type filter hook input priority filter; policy drop;", "type filter hook input priority filter; policy accept;"},
	"everything is forwarded":                   {"type filter hook forward priority filter; policy drop;", "type filter hook forward priority filter; policy accept;"},
	"everybody is a client":                     {`iifname != "$outside" oifname "$outside" ip saddr { ${NAT_CLIENTS// /, }, $PROBE_THERE } accept`, "accept"},
	"no success is told":                        {"  tell SUCCESS CONTINUE\n", ""},
	"CloudFormation is told nothing":            {"ask cloudformation signal-resource", "true"},
	"Auto Scaling is told nothing":              {"ask autoscaling complete-lifecycle-action", "true"},
	"another hook":                              {`--lifecycle-hook-name "$NAT_HOOK"`, "--lifecycle-hook-name other"},
	"a call that the role does not allow":       {"ask ec2 describe-network-interfaces", "ask ec2 describe-instances; ask ec2 describe-network-interfaces"},
	"another's interface":                       {`attach-network-interface --network-interface-id "$NAT_INTERFACE"`, "attach-network-interface --network-interface-id eni-0fffffffffffffff1"},
	"the service does not start after a reboot": {"service enable --quiet --now nat.service", "service start nat.service"},
	"connections are kept for days":             {"nf_conntrack_tcp_timeout_established=7440", "nf_conntrack_tcp_timeout_established=432000"},
	"metadata without a token":                  {`--header "X-aws-ec2-metadata-token: $token"`, ""},
}

func TestFaultsInTheScriptAreFound(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		t.Run(name, func(t *testing.T) {
			inSandbox(t, func(r rendered) {
				v := vpc(t, r, nil)
				m := v.Launch(impatient(replace(t, r.UserData, faults[name])))
				out, err := m.Boot(idle...)
				found := serves(v, m, err)
				if found == nil {
					t.Fatalf("nobody notices:\n%s", out)
				}
				t.Logf("found: %v", found)
			})
		})
	}
}

// replace puts a fault into the script.
func replace(t *testing.T, text string, fault [2]string) string {
	t.Helper()
	if !strings.Contains(text, fault[0]) {
		t.Fatalf("the script has no %q to replace", fault[0])
	}
	return strings.Replace(text, fault[0], fault[1], 1)
}

// impatient makes the script give up after seconds. What a fault has taken away
// is not missed.
func impatient(text string) string {
	return strings.NewReplacer("retry 60 forwarding_works", "retry 2 forwarding_works", "retry 120 have", "retry 5 have", "retry 60 ", "retry 5 ").Replace(text)
}

// Without a service a machine would be no NAT after its next boot, so it is given
// up, unless there is no systemd at all.
func TestMachineWithoutItsServiceIsGivenUp(t *testing.T) {
	for name, c := range map[string]struct {
		before string
		works  bool
	}{
		"systemd refuses":     {"true", false},
		"there is no systemd": {"rm -r /run/systemd", true},
	} {
		t.Run(name, func(t *testing.T) {
			inSandbox(t, func(r rendered) {
				v := vpc(t, r, nil)
				m := v.Launch(r.UserData)
				m.Install("systemctl", "#!/bin/bash\necho \"systemctl $*\" >>\"$MACHINE/systemctl.log\"\nexit 1\n")
				if out, err := m.Run(nil, "bash", "-c", c.before); err != nil {
					t.Fatal(out)
				}
				out, err := m.Boot(idle...)
				if wrong := serves(v, m, err); (wrong == nil) != c.works {
					t.Errorf("%v\n%s", wrong, out)
				}
				if abandoned := slices.Contains(v.Signals(), "Auto Scaling ABANDON "+m.ID); abandoned == c.works {
					t.Errorf("told was %q", v.Signals())
				}
			})
		})
	}
}

func TestMachineThatCannotForwardTakesNothingAndIsGivenUp(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		first := boot(t, v, r.UserData, idle...)
		calls := v.Mutations()
		broken := v.Launch(impatient(replace(t, r.UserData, faults["no masquerading"])))
		out, err := broken.Boot(idle...)
		if err == nil || !strings.Contains(out, "this machine will not do") {
			t.Errorf("the boot ends with %v:\n%s", err, out)
		}
		for _, want := range []string{"CloudFormation FAILURE " + broken.ID, "Auto Scaling ABANDON " + broken.ID} {
			if !slices.Contains(v.Signals(), want) {
				t.Errorf("%q was not told: %q", want, v.Signals())
			}
		}
		if v.Holder() != first || v.AddressHolder() != first || v.Mutations() != calls {
			t.Error("a machine that does not forward has taken something from one that does")
		}
		if err := seenAs(v)(); err != nil {
			t.Errorf("the private host is not served any more: %v", err)
		}
	})
}

// Every statement of the role is used: without it something would be refused.
func TestEveryStatementOfTheRoleIsNeeded(t *testing.T) {
	inSandbox(t, func(r rendered) {
		v := vpc(t, r, nil)
		boot(t, v, r.UserData, idle...)
		boot(t, v, r.UserData, hasty...) // takes over from the first
		v.BlockProbes(true)
		eventually(t, 60*time.Second, "all calls", func() error {
			if len(v.Metrics()) == 0 || len(v.Calls("autoscaling:SetInstanceHealth")) == 0 {
				return errors.New("not all calls were made")
			}
			return nil
		})
		var policy struct {
			Version   string
			Statement []map[string]any
		}
		if err := json.Unmarshal(r.Policy, &policy); err != nil {
			t.Fatal(err)
		}
		if len(policy.Statement) < 5 {
			t.Fatalf("the policy has %d statements", len(policy.Statement))
		}
		var requests []iameval.Request
		for _, call := range v.Calls("") {
			requests = append(requests, call.Requests...)
		}
		refused := func(statements []map[string]any) int {
			data, err := json.Marshal(map[string]any{"Version": policy.Version, "Statement": statements})
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := iameval.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, request := range requests {
				if !iameval.Evaluate([]iameval.Policy{parsed}, request).Allowed {
					n++
				}
			}
			return n
		}
		if n := refused(policy.Statement); n != 0 {
			t.Errorf("%d requests are refused", n)
		}
		for i, statement := range policy.Statement {
			if refused(slices.Delete(slices.Clone(policy.Statement), i, i+1)) == 0 {
				t.Errorf("nothing needs the statement %v", statement["Sid"])
			}
			for _, action := range list(statement["Action"]) {
				reduced := maps.Clone(statement)
				reduced["Action"] = slices.DeleteFunc(list(statement["Action"]), func(a any) bool { return a == action })
				if len(reduced["Action"].([]any)) == 0 {
					continue
				}
				statements := slices.Clone(policy.Statement)
				statements[i] = reduced
				if refused(statements) == 0 {
					t.Errorf("nothing needs %v in the statement %v", action, statement["Sid"])
				}
			}
		}
	})
}

// list is one value or several, as IAM allows.
func list(value any) []any {
	if values, several := value.([]any); several {
		return slices.Clone(values)
	}
	return []any{value}
}
