package config_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

// problemsOf returns what Validate finds.
func problemsOf(t *testing.T, e config.Environment) config.Problems {
	t.Helper()
	err := e.Validate()
	if err == nil {
		return nil
	}
	problems, ok := errors.AsType[config.Problems](err)
	if !ok {
		t.Fatalf("Validate returned a %T, want Problems", err)
	}
	return problems
}

// broken is one change that breaks one rule, and the one problem it must give.
type broken struct {
	change func(e *config.Environment)
	// field is where the problem is; the value there must be shown, unless
	// value says otherwise. rule is a piece of the message.
	field, rule string
	value       string
}

// set breaks a rule by one value in one field.
func set(field string, value any, rule string) broken {
	return broken{
		change: func(e *config.Environment) {
			node, ok := configtest.Lookup(e, field)
			if !ok {
				panic("no field " + field)
			}
			node.Set(value)
		},
		field: field, rule: rule,
	}
}

// with breaks a rule in a way that takes more than one field.
func with(field, value, rule string, change func(e *config.Environment)) broken {
	return broken{change: change, field: field, rule: rule, value: value}
}

func web(e *config.Environment) *config.Workload { return &e.Workloads[0] }

// check breaks the example in one way at a time.
func check(t *testing.T, cases []broken) {
	t.Helper()
	checkFrom(t, configtest.Example, cases)
}

func checkFrom(t *testing.T, base func() config.Environment, cases []broken) {
	t.Helper()
	for _, b := range cases {
		e := base()
		b.change(&e)
		problems := problemsOf(t, e)
		if len(problems) != 1 {
			t.Errorf("%s (%s): want exactly one problem, got %d:\n%v", b.field, b.rule, len(problems), problems)
			continue
		}
		p := problems[0]
		want := b.value
		if want == "" {
			want = shown(t, e, b.field)
		}
		if p.Field != b.field || p.Value != want || !strings.Contains(p.Rule, b.rule) {
			t.Errorf("got\n\t%v\nwant\n\t%s: %s … %s …", p, b.field, want, b.rule)
		}
		if !strings.Contains(p.String(), p.Field) || !strings.Contains(p.String(), p.Value) {
			t.Errorf("%q does not name field and value", p)
		}
	}
}

// shown is how a problem must show the value at a field.
func shown(t *testing.T, e config.Environment, field string) string {
	t.Helper()
	node, ok := configtest.Lookup(&e, field)
	if !ok {
		t.Fatalf("there is no field %s", field)
	}
	switch v := node.Value.Interface().(type) {
	case string:
		return strconv.Quote(v)
	default:
		return fmt.Sprint(v)
	}
}

// fits says that values are accepted: the other side of each boundary.
func fits(t *testing.T, base func() config.Environment, field string, values ...any) {
	t.Helper()
	for _, value := range values {
		e := base()
		set(field, value, "").change(&e)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%s = %v must be accepted, got\n%v", field, value, problems)
		}
	}
}

func TestGeneral(t *testing.T) {
	long := "a2345678901234567890"
	check(t, []broken{
		set("project", "Fintrack", "lower-case"),
		set("project", "", "lower-case"),
		set("project", long+"1", "at most 20"),
		set("project", strings.Repeat("a", 64), "at most 20"), // and not each role's length
		set("project", "fin--track", "single hyphens"),
		set("project", "-fintrack", "begin with a letter"),
		set("project", "fintrack-", "single hyphens"),
		set("project", "1fintrack", "begin with a letter"),
		set("project", "fin_track", "lower-case"),
		set("project", "fintrack\n", "lower-case"),
		with("project", `"awsome"`, `must not begin with "aws" or "ssm"`, func(e *config.Environment) { e.Project, e.DisplayName = "awsome", "Awsome" }),
		with("project", `"ssm"`, `must not begin with "aws" or "ssm"`, func(e *config.Environment) { e.Project, e.DisplayName = "ssm", "Ssm" }),

		set("displayName", "fintrack", "with a capital first"),
		set("displayName", "FinTracker", `must be project "fintrack"`),
		set("displayName", "Fin-Track", "without hyphens"),
		set("displayName", "", `must be project "fintrack"`),
		set("displayName", "FinTrac\u212a", `must be project "fintrack"`), // the Kelvin sign folds to k

		with("name", `"Staging"`, "lower-case", func(e *config.Environment) { e.Name = "Staging" }),
		with("name", strconv.Quote(long+"1"), "at most 20", func(e *config.Environment) { e.Name = long + "1" }),
		set("name", strings.Repeat("a", 64), "at most 20"), // and not each role's length

		set("account", "11112222333", "twelve digits"),
		set("account", "1111222233334", "twelve digits"),
		set("account", "1111-2222-3333", "twelve digits"),

		set("region", "eu-north-2", "choose one of af-south-1"),
		set("region", "", "eu-north-1"),
		set("region", "eusc-de-east-1", "choose one of"),

		set("owner", "nobody", "e-mail"),
		set("owner", "a@b", "e-mail"),
		set("owner", "a@b.c", "e-mail"),
		set("owner", "a b@example.com", "e-mail"),
		set("owner", "a@-b.com", "e-mail"),
		set("owner", "@example.com", "e-mail"),
		set("owner", "a@com", "e-mail"),
		set("owner", "a@b."+strings.Repeat("c", 64), "e-mail"),
		set("owner", strings.Repeat("a", 243)+"@example.com", "e-mail"),

		set("repository", "platform", "owner/name"),
		set("repository", "https://github.com/fintrack/platform", "owner/name"),
		set("repository", "fintrack/platform.git", `without ".git"`),
		set("repository", "fintrack/..", "owner/name"),
		set("repository", "-fintrack/platform", "owner/name"),
		set("repository", strings.Repeat("a", 40)+"/platform", "owner/name"),
		set("repository", "fintrack/"+strings.Repeat("a", 101), "owner/name"),

		set("namespace", "Fintrack", "lower-case"),
		set("namespace", strings.Repeat("a", 64), "at most 63"),
	})
	fits(t, configtest.Example, "account", "000000000000", "999999999999")
	fits(t, configtest.Example, "owner", "a.b+c@sub.example.co", "a@b."+strings.Repeat("c", 63), strings.Repeat("a", 242)+"@example.com")
	fits(t, configtest.Example, "repository", "a/b", strings.Repeat("a", 39)+"/"+strings.Repeat("b", 100), "Fin-Track/plat.form_1")
	fits(t, configtest.Example, "namespace", "kube", "fintrack-1", strings.Repeat("a", 63))
	fits(t, configtest.Example, "displayName", "Fintrack", "FINTRACK")

	for _, suffix := range []string{"next", "alarms", "network", "cluster", "identity", "registry", "database"} {
		e := configtest.Example()
		e.Releases = config.Releases{}
		e.Name = "eu-" + suffix
		problems := problemsOf(t, e)
		if len(problems) != 1 || problems[0].Field != "name" || !strings.Contains(problems[0].Rule, `also one of environment "eu"`) {
			t.Errorf("name %q: got %v", e.Name, problems)
		}
	}
	for _, name := range []string{"production", "load-test", "next", "a", long} {
		e := configtest.Example()
		e.Releases = config.Releases{}
		e.Name = name
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("name %q must be accepted, got %v", name, problems)
		}
	}
	for project, display := range map[string]string{"fin-track": "FinTrack", "f": "F", "f1": "F1"} {
		e := configtest.Example()
		e.Project, e.DisplayName = project, display
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("project %q must be accepted, got %v", project, problems)
		}
	}
}

// renumber moves staging's network to other addresses.
func renumber(e *config.Environment, from, to string) {
	e.Network.CIDR = strings.Replace(e.Network.CIDR, from, to, 1)
	for i := range e.Network.Zones {
		z := &e.Network.Zones[i]
		z.Public = strings.Replace(z.Public, from, to, 1)
		z.Private = strings.Replace(z.Private, from, to, 1)
	}
}

func TestNetwork(t *testing.T) {
	zone := config.Zone{Name: "eu-north-1d", Public: "10.0.104.0/24", Private: "10.0.4.0/24"}
	check(t, []broken{
		set("network.cidr", "10.0.0.0", "must be an IPv4 range"),
		set("network.cidr", "", "must be an IPv4 range"),
		set("network.cidr", "2001:db8::/32", "must be an IPv4 range"),
		set("network.cidr", "::ffff:10.0.0.0/112", "must be an IPv4 range"),
		set("network.cidr", "10.0.0.1/16", `write "10.0.0.0/16"`),
		set("network.cidr", "10.0.0.0/15", "between /16 and /25"),
		set("network.cidr", "0.0.0.0/0", "between /16 and /25"),
		set("network.cidr", "10.0.0.0/26", "between /16 and /25"),
		with("network.cidr", `"11.0.0.0/16"`, "private ranges 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10", func(e *config.Environment) { renumber(e, "10.0.", "11.0.") }),
		with("network.cidr", `"172.32.0.0/16"`, "private ranges", func(e *config.Environment) { renumber(e, "10.0.", "172.32.") }),
		with("network.cidr", `"100.128.0.0/16"`, "private ranges", func(e *config.Environment) { renumber(e, "10.0.", "100.128.") }),

		with("network.zones", "a list of 1", "2 to 6", func(e *config.Environment) { e.Network.Zones = e.Network.Zones[:1] }),
		with("network.zones", "a list of 0", "2 to 6", func(e *config.Environment) { e.Network.Zones = nil }),

		set("network.zones[1].name", "eu-west-1b", `must be a zone of region "eu-north-1"`),
		set("network.zones[1].name", "eu-north-1", "a letter from a to f"),
		set("network.zones[1].name", "eu-north-1g", "a letter from a to f"),
		set("network.zones[1].name", "eu-north-1bb", "a letter from a to f"),
		set("network.zones[1].name", "eu-north-1B", "a letter from a to f"),
		set("network.zones[1].name", "eu-north-12b", "a letter from a to f"),
		set("network.zones[2].name", "eu-north-1a", "is a duplicate of network.zones[0].name"),

		set("network.zones[1].public", "10.0.102.0", "must be an IPv4 range"),
		set("network.zones[1].public", "10.0.102.1/24", `write "10.0.102.0/24"`),
		set("network.zones[1].public", "10.0.102.0/28", "between /16 and /27"),
		set("network.zones[1].private", "10.0.2.0/28", "between /16 and /27"),
		set("network.zones[1].public", "10.1.102.0/24", `must lie inside network.cidr "10.0.0.0/16"`),
		set("network.zones[1].private", "10.1.2.0/24", `must lie inside network.cidr "10.0.0.0/16"`),
		set("network.zones[1].public", "10.0.101.128/25", `overlaps network.zones[0].public "10.0.101.0/24"`),
		set("network.zones[0].private", "10.0.101.0/24", `overlaps network.zones[0].public "10.0.101.0/24"`),
		set("network.zones[2].private", "10.0.2.0/24", `overlaps network.zones[1].private "10.0.2.0/24"`),
		with("network.zones[3].private", `"10.0.0.0/17"`, "overlaps network.zones[0].public", func(e *config.Environment) {
			zone.Private = "10.0.0.0/17" // overlaps all six others, which is one problem
			e.Network.Zones = append(e.Network.Zones, zone)
		}),

		set("network.nat.architecture", "x86", "choose one of amd64, arm64"),
		set("network.nat.architecture", "", "choose one of amd64, arm64"),
		set("network.nat.instanceType", "t4g.huge", "is not a size of t4g, choose one of nano, micro"),
		set("network.nat.instanceType", "t4g", "is not a size of t4g"),
		set("network.nat.instanceType", "t4g.4xlarge", "is not a size of t4g"),
		set("network.nat.instanceType", "z9.micro", "choose one of c6g, c6gd"),
		set("network.nat.instanceType", "", "is not of a known instance family"),
		set("network.nat.instanceType", "t3.micro", `is an amd64 type but network.nat.architecture is "arm64", choose one of the families c6g`),
		with("network.nat.instanceType", `"t4g.micro"`, `is an arm64 type but network.nat.architecture is "amd64", choose one of the families c5`, func(e *config.Environment) { e.Network.NAT.Architecture = "amd64" }),
		set("network.nat.volumeGiB", 7, "between 8 and 16384"),
		set("network.nat.volumeGiB", 16385, "between 8 and 16384"),
		set("network.nat.mode", "", "choose one of Instance, Gateway, GatewayPerZone"),
		set("network.nat.mode", "gateway", "choose one of Instance, Gateway, GatewayPerZone"),

		set("network.nat.image", "ami-0123456", "must be an image's id"),
		set("network.nat.image", "ami-0123456789abcdef01", "must be an image's id"),
		set("network.nat.image", "ami-0123456789ABCDEF0", "must be an image's id"),
		set("network.nat.image", "nat-image", "the path of an SSM parameter"),
		set("network.nat.image", "/", "the path of an SSM parameter"),
		set("network.nat.image", "/fintrack/", "the path of an SSM parameter"),
		set("network.nat.image", "/fintrack/image:", "the path of an SSM parameter"),
		set("network.nat.image", "/fintrack/image:0", "the path of an SSM parameter"),
		set("network.nat.image", "/fintrack/image:newest", "the path of an SSM parameter"),
		set("network.nat.image", "/"+strings.Repeat("a", 128), "at most 128 characters"),

		with("network.nat.probeTargets", "a list of 5", "0 to 4", func(e *config.Environment) {
			e.Network.NAT.ProbeTargets = []string{"a.example.com:1", "b.example.com:1", "c.example.com:1", "d.example.com:1", "e.example.com:1"}
		}),
		probe("example.com", "a host name of at most 100 characters and a TCP port"),
		probe("example.com:", "a TCP port"),
		probe("example.com:0", "a TCP port"),
		probe("example.com:65536", "a TCP port"),
		probe("example.com:0443", "a TCP port"),
		probe("example.com:+443", "a TCP port"),
		probe("example.com:https", "a TCP port"),
		probe("example.com:443:443", "a TCP port"),
		probe("https://example.com:443", "a host name"),
		probe("Example.com:443", "a host name"),
		probe("192.0.2.1:443", "a host name"),
		probe(":443", "a host name"),
		probe(strings.Repeat("a", 60)+"."+strings.Repeat("b", 40)+":443", "at most 100 characters"),
		with("network.nat.probeTargets[1]", `"example.com:443"`, "is a duplicate of network.nat.probeTargets[0]", func(e *config.Environment) {
			e.Network.NAT.ProbeTargets = []string{"example.com:443", "example.com:443", "example.com:80"}
		}),

		set("network.flowLogRetentionDays", 15, "choose one of 0, 1, 3, 5, 7, 14"),
		set("network.flowLogRetentionDays", -1, "choose one of 0, 1"),

		with("network.interfaceEndpoints[1]", `"ecr"`, "choose one of aps-workspaces", func(e *config.Environment) { e.Network.InterfaceEndpoints = []string{"sts", "ecr"} }),
		with("network.interfaceEndpoints[0]", `"s3"`, "choose one of", func(e *config.Environment) { e.Network.InterfaceEndpoints = []string{"s3"} }),
		with("network.interfaceEndpoints[2]", `"sts"`, "is a duplicate of network.interfaceEndpoints[0]", func(e *config.Environment) { e.Network.InterfaceEndpoints = []string{"sts", "kms", "sts"} }),
	})
	fits(t, configtest.Example, "network.nat.volumeGiB", 8, 16384)
	fits(t, configtest.Example, "network.nat.mode", "Instance", "Gateway", "GatewayPerZone")
	fits(t, configtest.Example, "network.nat.image", "", "ami-01234567", "ami-0123456789abcdef0", "/image", "/fintrack/nat_image.v1:12", "/"+strings.Repeat("a", 127))
	fits(t, configtest.Full, "network.nat.probeTargets[0]", "a.co:1", "checkip.amazonaws.com:65535", strings.Repeat("a", 60)+"."+strings.Repeat("b", 39)+":443")
	fits(t, configtest.Example, "network.nat.instanceType", "t4g.nano", "t4g.2xlarge", "m7g.medium", "c6gn.16xlarge")
	fits(t, configtest.Example, "network.flowLogRetentionDays", 0, 1, 3653)
	fits(t, configtest.Example, "network.zones[1].public", "10.0.102.0/27", "10.0.192.0/18", "10.0.255.224/27")

	for _, to := range []string{"10.255.", "172.16.", "172.31.", "192.168.", "100.64.", "100.127."} {
		e := configtest.Example()
		renumber(&e, "10.0.", to)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%s must be accepted, got %v", e.Network.CIDR, problems)
		}
	}
	e := configtest.Example()
	e.Network.CIDR = "10.0.0.0/25"
	e.Network.Zones = []config.Zone{
		{Name: "eu-north-1a", Public: "10.0.0.0/27", Private: "10.0.0.32/27"},
		{Name: "eu-north-1b", Public: "10.0.0.64/27", Private: "10.0.0.96/27"},
	}
	if problems := problemsOf(t, e); problems != nil {
		t.Errorf("the smallest network must be accepted, got %v", problems)
	}
}

// probe breaks the rule of the only probe target.
func probe(target, rule string) broken {
	return with("network.nat.probeTargets[0]", strconv.Quote(target), rule, func(e *config.Environment) {
		e.Network.NAT.ProbeTargets = []string{target}
	})
}

// A gateway needs no machine. What is written down of one must be right all the
// same, and "Instance" or an unknown mode need all of it.
func TestMachineOfNAT(t *testing.T) {
	for _, mode := range []string{"Gateway", "GatewayPerZone"} {
		e := configtest.Example()
		e.Network.NAT = config.NAT{Mode: mode}
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%s without a machine must be accepted, got %v", mode, problems)
		}
		e.Network.NAT = config.NAT{Mode: mode, InstanceType: "t4g.huge", Architecture: "x86", VolumeGiB: 7, Image: "x", ProbeTargets: []string{"x"}}
		if problems := problemsOf(t, e); len(problems) != 5 {
			t.Errorf("%s with a wrong machine: want 5 problems, got\n%v", mode, problems)
		}
	}
	for mode, want := range map[string]int{"Instance": 3, "None": 4} {
		e := configtest.Example()
		e.Network.NAT = config.NAT{Mode: mode}
		if problems := problemsOf(t, e); len(problems) != want {
			t.Errorf("%s without a machine: want %d problems, got\n%v", mode, want, problems)
		}
	}
}

func TestAlarms(t *testing.T) {
	check(t, []broken{
		with("alarms.emails", "[]", "must name who hears of alarms", func(e *config.Environment) { e.Alarms.Emails = nil }),
		set("alarms.emails[0]", "nobody", "must be an e-mail address"),
		set("alarms.emails[0]", "", "must be an e-mail address"),
		set("alarms.emails[0]", strings.Repeat("a", 243)+"@example.com", "must be an e-mail address"),
		with("alarms.emails[2]", `"a@example.com"`, "is a duplicate of alarms.emails[0]", func(e *config.Environment) {
			e.Alarms.Emails = []string{"a@example.com", "b@example.com", "a@example.com"}
		}),
	})
	fits(t, configtest.Example, "alarms.emails[0]", "a.b+c@sub.example.co", strings.Repeat("a", 242)+"@example.com")
}

func TestAtlas(t *testing.T) {
	digits := "0123456789abcdef01234567"
	check(t, []broken{
		set("atlas.projectID", digits[1:], "24 hexadecimal digits"),
		set("atlas.projectID", digits+"8", "24 hexadecimal digits"),
		set("atlas.projectID", strings.ToUpper(digits), "24 hexadecimal digits"),
		set("atlas.profile", "a/b", "the last part of a secret's name"),
		set("atlas.profile", strings.Repeat("a", 65), "at most 64 characters"),
	})
	fits(t, configtest.Example, "atlas.projectID", "", digits)
	fits(t, configtest.Full, "atlas.profile", "", "Fin-Track_1", strings.Repeat("a", 64))
	// It is right or wrong also while nothing reads it.
	checkFrom(t, func() config.Environment {
		e := configtest.Full()
		e.Atlas.ProjectID = ""
		return e
	}, []broken{set("atlas.profile", "a b", "the last part of a secret's name")})
}

// The families to choose from are those of the architecture, and all of them
// while that is not known.
func TestFamiliesToChooseFrom(t *testing.T) {
	for architecture, want := range map[string]struct{ amd64, arm64 bool }{
		"amd64": {true, false}, "arm64": {false, true}, "x86": {true, true},
	} {
		e := configtest.Example()
		e.Network.NAT.Architecture, e.Network.NAT.InstanceType = architecture, "z9.micro"
		problems := problemsOf(t, e)
		last := problems[len(problems)-1]
		if strings.Contains(last.Rule, ", t3,") != want.amd64 || strings.Contains(last.Rule, ", t4g") != want.arm64 {
			t.Errorf("%s: %v", architecture, last)
		}
	}
}

// Six zones are the most; a seventh has no name left, so it is two problems.
func TestNumberOfZones(t *testing.T) {
	e := configtest.Example()
	e.Network.Zones = nil
	for i, letter := range "abcdefa" {
		if i == 2 || i == 6 {
			if problems := problemsOf(t, e); problems != nil {
				t.Errorf("%d zones must be accepted, got %v", i, problems)
			}
		}
		e.Network.Zones = append(e.Network.Zones, config.Zone{
			Name: "eu-north-1" + string(letter), Public: fmt.Sprintf("10.0.1%d.0/24", i), Private: fmt.Sprintf("10.0.%d.0/24", i),
		})
	}
	expect(t, e,
		"network.zones: a list of 7 must have 2 to 6 elements",
		`network.zones[6].name: "eu-north-1a" is a duplicate of network.zones[0].name`)
}

// expect says that there are exactly these problems, in this order.
func expect(t *testing.T, e config.Environment, want ...string) {
	t.Helper()
	if got := problemsOf(t, e).Error(); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}
