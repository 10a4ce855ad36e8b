package vpcsim

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fintrack/platform/internal/iameval"
)

// The one test that says whether the others, here and in constructs/nat, can run
// on this machine: `make test` repeats its complaint.
func TestPacketsCanBeSentOnThisMachine(t *testing.T) {
	Sandbox(t)
}

func TestMissingToolsAreNamedWithTheirPackages(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := preconditions()
	if err == nil {
		t.Fatal("nothing is missing on an empty PATH")
	}
	for _, want := range []string{"missing are awk, aws, curl", "nft", "sudo apt-get install --no-install-recommends awscli curl"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the complaint lacks %q: %v", want, err)
		}
	}
}

// simulated is a VPC whose machines may do what the policy says.
func simulated(t *testing.T, policy string, change func(*Options)) *VPC {
	t.Helper()
	parsed, err := iameval.Parse([]byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	options := Options{
		Role:  Role{Name: "nat", Policies: []iameval.Policy{parsed}, Tags: map[string]string{"Name": "nat"}},
		Group: "nat", Hook: "forwarding", Resource: "Group",
	}
	if change != nil {
		change(&options)
	}
	return New(t, options)
}

const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// aws runs the AWS command line on a machine.
func aws(m *Machine, args ...string) (string, error) {
	return m.Run([]string{"AWS_DEFAULT_REGION=" + Region, "AWS_MAX_ATTEMPTS=1", "AWS_PAGER="}, append([]string{"aws"}, args...)...)
}

// wait until a condition holds.
func wait(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for range 50 {
		if condition() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s: not within 2.5 s", what)
}

const witness = InternetHost + witnessPort

// The VPC gives nothing away: a route, forwarding, masquerading and a public
// address are all needed, and each is taken away in turn.
func TestNothingPassesWithoutItsCondition(t *testing.T) {
	if !Sandbox(t) {
		return
	}
	v := simulated(t, everything, nil)
	m := v.Launch("#!/bin/bash\n")
	pass := func() bool {
		_, err := v.SeeWithin(short, "private", witness)
		return err == nil
	}
	must := func(args ...string) {
		t.Helper()
		if out, err := m.Run(nil, args...); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	if pass() {
		t.Error("the private host needs no NAT")
	}
	if out, err := aws(m, "ec2", "attach-network-interface", "--network-interface-id", Interface, "--instance-id", m.ID, "--device-index", "1"); err != nil {
		t.Fatal(out)
	}
	wait(t, "the interface", func() bool { return v.Holder() == m && len(v.Calls("")) == 1 })
	inside, outside := m.linkNames[1], m.linkNames[0]
	wait(t, "the link", func() bool { _, err := m.Run(nil, "ip", "link", "show", inside); return err == nil })
	// Strict filtering would not even answer ARP: both interfaces have the subnet.
	must("sysctl", "-q", "-w", "net.ipv4.conf.all.rp_filter=2")
	must("ip", "link", "set", inside, "up")
	must("ip", "address", "add", InsideAddress+"/24", "dev", inside, "noprefixroute")
	must("ip", "route", "add", PrivateCIDR, "via", "10.0.101.1", "dev", inside, "onlink")
	if pass() {
		t.Error("the machine need not forward")
	}
	must("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
	if pass() {
		t.Error("the machine need not masquerade: the source/destination check is missing")
	}
	must("nft", "add table ip nat; add chain ip nat p { type nat hook postrouting priority srcnat; }; add rule ip nat p oifname "+outside+" masquerade")
	if seen, err := v.See("private", witness); err != nil || seen != "203.0.113.101" {
		t.Errorf("the private host is seen as %q: %v, want the machine's own public address", seen, err)
	}
	must("ip", "route", "delete", PrivateCIDR)
	if pass() {
		t.Error("answers leave by the interface that has the source/destination check")
	}
	must("ip", "route", "add", PrivateCIDR, "via", "10.0.101.1", "dev", inside, "onlink")

	if out, err := aws(m, "ec2", "associate-address", "--allocation-id", Allocation, "--network-interface-id", m.ownENI, "--allow-reassociation"); err != nil {
		t.Fatal(out)
	}
	wait(t, "the address", func() bool { return v.AddressHolder() == m })
	if seen, err := v.See("private", witness); err != nil || seen != Address {
		t.Errorf("the private host is seen as %q: %v, want the Elastic IP", seen, err)
	}
	v.mu.Lock()
	delete(v.public, Address)
	v.gateway()
	v.mu.Unlock()
	if pass() {
		t.Error("no public address is needed")
	}
	if calls := v.Calls("ec2:AssociateAddress"); len(calls) != 1 || calls[0].Witness != "dial tcp4 198.51.100.10:7: i/o timeout" {
		t.Errorf("the second private host, which has no route, was a witness of %+v", calls)
	}
	m.Kill()
	if v.Holder() != nil {
		t.Error("a dead machine holds the interface")
	}
}

func TestMetadataIsVersionTwo(t *testing.T) {
	if !Sandbox(t) {
		return
	}
	v := simulated(t, everything, nil)
	m := v.Launch("#!/bin/bash\n")
	for arguments, want := range map[string]string{
		"http://169.254.169.254/latest/meta-data/instance-id":                                                   "IMDSv1 is off\n",
		"-X PUT http://169.254.169.254/latest/api/token":                                                        "no TTL\n",
		"-X PUT -H X-aws-ec2-metadata-token-ttl-seconds:60 http://169.254.169.254/latest/api/token":             metadataToken,
		"-H X-aws-ec2-metadata-token:" + metadataToken + " http://169.254.169.254/latest/meta-data/instance-id": m.ID,
		"-H X-aws-ec2-metadata-token:" + metadataToken + " http://169.254.169.254/latest/meta-data/public":      "404 page not found\n",
	} {
		out, err := m.Run(nil, append([]string{"curl", "-s"}, strings.Fields(arguments)...)...)
		if err != nil || out != want {
			t.Errorf("curl %s answers %q (%v), want %q", arguments, out, err, want)
		}
	}
}

func TestAPIRefusesAndRemembersWhatTheRoleForbids(t *testing.T) {
	if !Sandbox(t) {
		return
	}
	const policy = `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"ec2:AttachNetworkInterface","Resource":"arn:aws:ec2:eu-north-1:111122223333:network-interface/` + Interface + `"},
		{"Effect":"Allow","Action":"ec2:AttachNetworkInterface","Resource":"arn:aws:ec2:eu-north-1:111122223333:instance/*","Condition":{"StringEquals":{"aws:ResourceTag/Name":"nat"}}},
		{"Effect":"Allow","Action":"cloudwatch:PutMetricData","Resource":"*","Condition":{"StringEquals":{"cloudwatch:namespace":"NAT"}}}]}`
	v := simulated(t, policy, nil)
	m := v.Launch("#!/bin/bash\n")
	metric := func(namespace string) []string {
		return []string{"cloudwatch", "put-metric-data", "--namespace", namespace, "--metric-data", "MetricName=Loss,Unit=Percent,Value=12.5,Dimensions=[{Name=NAT,Value=x}]"}
	}
	attach := []string{"ec2", "attach-network-interface", "--network-interface-id", Interface, "--instance-id", m.ID, "--device-index", "1"}
	for _, c := range []struct {
		args  []string
		error string
	}{
		{metric("NAT"), ""},
		{metric("Other"), "AccessDenied"},
		{[]string{"ec2", "describe-network-interfaces", "--network-interface-ids", Interface}, "UnauthorizedOperation"},
		{[]string{"ec2", "attach-network-interface", "--network-interface-id", "eni-0fffffffffffffff1", "--instance-id", m.ID, "--device-index", "1"}, "UnauthorizedOperation"},
		{attach, ""},
		{attach, "InvalidNetworkInterface.InUse"},
		{[]string{"ec2", "reboot-instances", "--instance-ids", m.ID}, "InvalidAction"},
	} {
		out, err := aws(m, c.args...)
		switch {
		case c.error == "" && err != nil:
			t.Errorf("%v: %s", c.args, out)
		case c.error != "" && (err == nil || !strings.Contains(out, c.error)):
			t.Errorf("%v answers %q, want %s", c.args, out, c.error)
		}
	}
	var forbidden []string
	for _, call := range v.Forbidden() {
		forbidden = append(forbidden, call.Action)
	}
	if want := []string{"cloudwatch:PutMetricData", "ec2:DescribeNetworkInterfaces", "ec2:AttachNetworkInterface"}; !slices.Equal(forbidden, want) {
		t.Errorf("forbidden were %v, want %v", forbidden, want)
	}
	if metrics := v.Metrics(); len(metrics) != 1 || metrics[0].Namespace != "NAT" || metrics[0].Name != "Loss" || metrics[0].Unit != "Percent" || metrics[0].Value != 12.5 || metrics[0].Dimensions["NAT"] != "x" {
		t.Errorf("published were %+v", metrics)
	}
	// Credentials that the metadata service did not give.
	out, err := m.Run([]string{"AWS_DEFAULT_REGION=" + Region, "AWS_ACCESS_KEY_ID=AKIAOTHER", "AWS_SECRET_ACCESS_KEY=x"}, "aws", "ec2", "describe-network-interfaces")
	if err == nil || !strings.Contains(out, "AuthFailure") {
		t.Errorf("foreign credentials: %q", out)
	}
}

func TestMachineKeepsItsDiskAndNothingElseThroughAReboot(t *testing.T) {
	if !Sandbox(t) {
		return
	}
	v := simulated(t, everything, nil)
	m := v.Launch("#!/bin/bash\necho kept >/etc/nat/file; sysctl -q -w net.ipv4.ip_forward=1; sleep 1000 &\n")
	if out, err := m.Boot(); err != nil {
		t.Fatal(out)
	}
	if _, err := os.Stat("/etc/nat/file"); err == nil {
		t.Error("the machine has written to the disk of this one")
	}
	if err := m.Reboot(); err != nil {
		t.Fatal(err)
	}
	out, err := m.Run(nil, "bash", "-c", "cat /etc/nat/file; sysctl -n net.ipv4.ip_forward; pgrep --runstates S --count sleep")
	if err != nil || out != "kept\n0\n1\n" { // the one sleep holds the disk
		t.Errorf("after a reboot: %q (%v)", out, err)
	}
	if len(m.Disk()) == 0 {
		t.Error("the disk is empty")
	}
	if _, err := net.DialTimeout("tcp4", "169.254.169.254:80", short); err == nil {
		t.Error("the metadata service answers outside of machines")
	}
	m.Kill()
	if matches, err := filepath.Glob(netns(m.name)); err != nil || len(matches) != 0 {
		t.Errorf("a dead machine leaves %v (%v)", matches, err)
	}
}
