package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

func TestCluster(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/admins"
	admins := func(arns ...string) func(e *config.Environment) {
		return func(e *config.Environment) { e.Cluster.Admins = arns }
	}
	principals := func(names ...string) func(e *config.Environment) {
		return func(e *config.Environment) { e.Cluster.AdminPrincipals = names }
	}
	access := func(ranges ...string) func(e *config.Environment) {
		return func(e *config.Environment) { e.Cluster.PublicAccessCIDRs = ranges }
	}
	addon := func(name, version string) func(e *config.Environment) {
		return func(e *config.Environment) { e.Cluster.AddonVersions = map[string]string{name: version} }
	}
	check(t, []broken{
		set("cluster.version", "1.33", "choose one of 1.34, 1.35, 1.36"),
		set("cluster.version", "1.37", "choose one of"),
		set("cluster.version", "v1.35", "choose one of"),
		set("cluster.version", "1.35.1", "choose one of"),

		with("cluster.publicAccessCIDRs[0]", `"10.1.0.0/16"`, "private addresses reach the private endpoint", access("10.1.0.0/16")),
		with("cluster.publicAccessCIDRs[1]", `"203.0.113.7"`, "must be an IPv4 range", access("198.51.100.0/24", "203.0.113.7")),
		with("cluster.publicAccessCIDRs[0]", `"203.0.113.7/24"`, `write "203.0.113.0/24"`, access("203.0.113.7/24")),
		with("cluster.publicAccessCIDRs[0]", `"::/0"`, "must be an IPv4 range", access("::/0")),
		with("cluster.publicAccessCIDRs[1]", `"0.0.0.0/0"`, `overlaps cluster.publicAccessCIDRs[0] "203.0.113.0/24"`, access("203.0.113.0/24", "0.0.0.0/0")),
		with("cluster.publicAccessCIDRs[1]", `"203.0.113.0/24"`, "overlaps cluster.publicAccessCIDRs[0]", access("203.0.113.0/24", "203.0.113.0/24")),
		with("cluster.publicAccessCIDRs", "a list of 41", "0 to 40", access(hosts(41)...)),

		set("cluster.serviceCIDR", "172.20.0.0", "must be an IPv4 range"),
		set("cluster.serviceCIDR", "172.20.0.0/11", `write "172.0.0.0/11"`),
		set("cluster.serviceCIDR", "10.32.0.0/11", "between /12 and /24"),
		set("cluster.serviceCIDR", "172.20.0.0/25", "between /12 and /24"),
		set("cluster.serviceCIDR", "100.64.0.0/16", "must lie inside one of the private ranges 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16"),
		set("cluster.serviceCIDR", "172.32.0.0/16", "private ranges"),
		set("cluster.serviceCIDR", "192.168.0.0/13", "private ranges"), // begins private, ends public
		set("cluster.serviceCIDR", "10.0.0.0/12", `overlaps network.cidr "10.0.0.0/16"`),
		set("cluster.serviceCIDR", "10.0.4.0/24", `overlaps network.cidr "10.0.0.0/16"`),

		set("cluster.logRetentionDays", 0, "choose one of 1, 3, 5"),
		set("cluster.logRetentionDays", 31, "choose one of 1, 3, 5"),

		with("cluster.adminPrincipals", "[]", "must name who may administer", principals()),
		with("cluster.adminPrincipals[0]", fmt.Sprintf("%q", "role/"+strings.Repeat("a", 508)), `must be "role/" or "user/"`, principals("role/"+strings.Repeat("a", 508))),
		with("cluster.adminPrincipals[0]", `"admins"`, `must be "role/" or "user/"`, principals("admins")),
		with("cluster.adminPrincipals[0]", `"role/*"`, "not a wildcard alone", principals("role/*")),
		with("cluster.adminPrincipals[0]", `"role/a*b"`, "not a wildcard alone", principals("role/a*b")),
		with("cluster.adminPrincipals[0]", `"group/admins"`, `must be "role/" or "user/"`, principals("group/admins")),
		with("cluster.adminPrincipals[0]", `"role/ops team"`, `must be "role/" or "user/"`, principals("role/ops team")),
		with("cluster.adminPrincipals[1]", `"user/eve"`, "is a duplicate of cluster.adminPrincipals[0]", principals("user/eve", "user/eve")),

		with("cluster.admins[0]", `"admins"`, "must be the ARN of an IAM role", admins("admins")),
		with("cluster.admins[0]", `"arn:aws:iam::111122223333:user/eve"`, "must be the ARN of an IAM role", admins("arn:aws:iam::111122223333:user/eve")),
		with("cluster.admins[0]", `"arn:aws:iam::1111:role/admins"`, "must be the ARN of an IAM role", admins("arn:aws:iam::1111:role/admins")),
		with("cluster.admins[0]", `"arn:aws:iam::111122223333:role/a/"`, "must be the ARN of an IAM role", admins("arn:aws:iam::111122223333:role/a/")),
		with("cluster.admins[0]", fmt.Sprintf("%q", "arn:aws:iam::111122223333:role/"+strings.Repeat("a", 65)), "must be the ARN of an IAM role", admins("arn:aws:iam::111122223333:role/"+strings.Repeat("a", 65))),
		with("cluster.admins[0]", `"arn:aws-cn:iam::111122223333:role/admins"`, `must begin with "arn:aws:", the partition of region "eu-north-1"`, admins("arn:aws-cn:iam::111122223333:role/admins")),
		with("cluster.admins[1]", `"`+role+`"`, "is a duplicate of cluster.admins[0]", admins(role, role)),

		with(`cluster.addonVersions["dns"]`, `"dns"`, "choose one of vpc-cni, kube-proxy", addon("dns", "v1.2.3-eksbuild.1")),
		with(`cluster.addonVersions["coredns"]`, `"1.2.3"`, `such as "v1.12.3-eksbuild.1"`, addon("coredns", "1.2.3")),
		with(`cluster.addonVersions["coredns"]`, `"v.1.2-eksbuild.3"`, "must be a version", addon("coredns", "v.1.2-eksbuild.3")),
		with(`cluster.addonVersions["coredns"]`, `"v1..2-eksbuild.3"`, "must be a version", addon("coredns", "v1..2-eksbuild.3")),
		with(`cluster.addonVersions["coredns"]`, `"v1.2.-eksbuild.3"`, "must be a version", addon("coredns", "v1.2.-eksbuild.3")),
		with(`cluster.addonVersions["coredns"]`, `"v1.2.3-eksbuild."`, "must be a version", addon("coredns", "v1.2.3-eksbuild.")),
		with(`cluster.addonVersions["coredns"]`, `""`, `such as "v1.12.3-eksbuild.1"`, addon("coredns", "")),
	})
	for _, ok := range []func(e *config.Environment){
		access(), access("0.0.0.0/0"), access("203.0.113.7/32", "198.51.100.0/24"), access(hosts(40)...),
		admins(role, "arn:aws:iam::444455556666:role/aws-reserved/sso.amazonaws.com/eu-north-1/AWSReservedSSO_Admin_0123456789abcdef"),
		admins("arn:aws:iam::111122223333:role/" + strings.Repeat("a", 64)),
		addon("vpc-cni", "v1.20.1-eksbuild.3"),
		principals("role/"+strings.Repeat("a", 507), "user/ops/eve", "role/*a1b*"),
	} {
		e := configtest.Example()
		ok(&e)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("must be accepted: %v %v %v\n%v", e.Cluster.PublicAccessCIDRs, e.Cluster.Admins, e.Cluster.AddonVersions, problems)
		}
	}
	fits(t, configtest.Example, "cluster.version", "1.34", "1.36")
	fits(t, configtest.Example, "cluster.serviceCIDR", "10.16.0.0/12", "10.1.0.0/24", "192.168.0.0/16", "172.16.0.0/12")
	if want := strings.Fields("vpc-cni kube-proxy eks-pod-identity-agent coredns metrics-server aws-ebs-csi-driver"); !slices.Equal(config.Addons, want) {
		t.Errorf("add-ons %q, want %q", config.Addons, want)
	}
	for _, name := range config.Addons {
		e := configtest.Example()
		addon(name, "v1.0.0-eksbuild.10")(&e)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("add-on %s: %v", name, problems)
		}
	}
}

// hosts gives n public ranges that do not overlap.
func hosts(n int) (ranges []string) {
	for i := range n {
		ranges = append(ranges, fmt.Sprintf("203.0.113.%d/32", i))
	}
	return ranges
}

func TestAdminsOfOtherPartitions(t *testing.T) {
	for region, partition := range map[string]string{"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "us-west-2": "aws"} {
		e := configtest.Example()
		e.Region = region
		for i := range e.Network.Zones {
			e.Network.Zones[i].Name = region + string(rune('a'+i))
		}
		e.Cluster.Admins = []string{"arn:" + partition + ":iam::111122223333:role/admins"}
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%s: %v", region, problems)
		}
	}
}

// What partition a region without a name is in, nobody knows.
func TestAWrongRegionIsOneProblem(t *testing.T) {
	e := configtest.Example()
	e.Region = "eu-north-2"
	e.Cluster.Admins = []string{"arn:aws-cn:iam::111122223333:role/admins"}
	if problems := problemsOf(t, e); len(problems) != 1 || problems[0].Field != "region" {
		t.Errorf("got %v", problems)
	}
	e.Cluster.Admins = []string{"x" + e.Cluster.Admins[0]}
	if problems := problemsOf(t, e); len(problems) != 2 || problems[1].Field != "cluster.admins[0]" {
		t.Errorf("got %v", problems)
	}
}

func TestNodes(t *testing.T) {
	types := func(capacity string, types ...string) func(e *config.Environment) {
		return func(e *config.Environment) {
			e.Cluster.Nodes.CapacityType = capacity
			e.Cluster.Nodes.InstanceTypes = types
		}
	}
	twenty := strings.Fields("t3.small t3.medium t3.large t3.xlarge t3.2xlarge t3a.small t3a.medium t3a.large t3a.xlarge t3a.2xlarge m5.large m5.xlarge m5.2xlarge m5.4xlarge m6i.large m6i.xlarge m6i.2xlarge m7i.large m7i.xlarge m7a.medium")
	check(t, []broken{
		set("cluster.nodes.architecture", "x86_64", "choose one of amd64, arm64"),
		set("cluster.nodes.instanceTypes[3]", "m5.medium", "is not a size of m5, choose one of large"),
		set("cluster.nodes.instanceTypes[3]", "m9.large", "choose one of c5, c5a"),
		set("cluster.nodes.instanceTypes[3]", "m5large", "is not of a known instance family"),
		set("cluster.nodes.instanceTypes[3]", "m7g.large", `is an arm64 type but cluster.nodes.architecture is "amd64"`),
		set("cluster.nodes.instanceTypes[3]", "t3.micro", "is too small for a node"),
		set("cluster.nodes.instanceTypes[3]", "t3.nano", "is too small for a node"),
		set("cluster.nodes.instanceTypes[3]", "t3.large", "is a duplicate of cluster.nodes.instanceTypes[0]"),
		set("cluster.nodes.capacityType", "spot", "choose one of SPOT, ON_DEMAND"),
		with("cluster.nodes.instanceTypes", `["t3.large" "m5.large"]`, "3 to 20 types, SPOT needs several", types("SPOT", "t3.large", "m5.large")),
		with("cluster.nodes.instanceTypes", `[]`, "3 to 20 types", types("SPOT")),
		with("cluster.nodes.instanceTypes", `[]`, "1 to 20 types", types("ON_DEMAND")),
		with("cluster.nodes.instanceTypes", fmt.Sprintf("%q", append(twenty[:20:20], "m7a.large")), "1 to 20 types", types("ON_DEMAND", append(twenty[:20:20], "m7a.large")...)),
		with("cluster.nodes.instanceTypes", fmt.Sprintf("%q", append(twenty[:20:20], "m7a.large")), "3 to 20 types", types("SPOT", append(twenty[:20:20], "m7a.large")...)),

		set("cluster.nodes.min", -1, "between 0 and 450"),
		set("cluster.nodes.min", 4, "must not be more than cluster.nodes.max 3"),
		set("cluster.nodes.max", 451, "between 1 and 450"),
		with("cluster.nodes.max", "0", "between 1 and 450", func(e *config.Environment) { e.Cluster.Nodes.Min, e.Cluster.Nodes.Max = 0, 0 }),
		set("cluster.nodes.desired", 0, "between 1 and 3"),
		set("cluster.nodes.desired", 4, "between 1 and 3"),
		set("cluster.nodes.volumeGiB", 19, "between 20 and 16384"),
		set("cluster.nodes.volumeGiB", 16385, "between 20 and 16384"),
	})
	for _, ok := range []func(e *config.Environment){
		types("ON_DEMAND", "t3.small"), types("ON_DEMAND", twenty...), types("SPOT", twenty...), types("SPOT", "t3.large", "m5.large", "m7a.medium"),
		func(e *config.Environment) { e.Cluster.Nodes.Min, e.Cluster.Nodes.Desired = 0, 0 },
		func(e *config.Environment) {
			e.Cluster.Nodes.Min, e.Cluster.Nodes.Desired, e.Cluster.Nodes.Max = 450, 450, 450
		},
		func(e *config.Environment) { e.Cluster.Nodes.Min, e.Cluster.Nodes.Max = 2, 2 },
	} {
		e := configtest.Example()
		ok(&e)
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%+v must be accepted, got\n%v", e.Cluster.Nodes, problems)
		}
	}
	fits(t, configtest.Example, "cluster.nodes.volumeGiB", 20, 16384)

	// Without bounds of its own, desired keeps EKS' bounds.
	for desired, fits := range map[int]bool{-1: false, 0: true, 450: true, 451: false} {
		e := configtest.Example()
		e.Cluster.Nodes.Min, e.Cluster.Nodes.Desired = -1, desired
		if named := names(problemsOf(t, e), "cluster.nodes.desired"); named == fits {
			t.Errorf("desired %d: named is %v", desired, named)
		}
	}

	// The architecture is one problem, not one for each type; without an
	// architecture the types themselves are still judged.
	e := configtest.Example()
	e.Cluster.Nodes.Architecture = ""
	e.Cluster.Nodes.InstanceTypes[1] = "m5.tiny"
	expect(t, e,
		`cluster.nodes.architecture: "" is not allowed, choose one of amd64, arm64`,
		`cluster.nodes.instanceTypes[1]: "m5.tiny" is not a size of m5, choose one of large, xlarge, 2xlarge, 4xlarge, 8xlarge, 9xlarge, 12xlarge, 16xlarge, 18xlarge, 24xlarge, 32xlarge, 48xlarge`)
}

func TestRegistrySecretsAndLogs(t *testing.T) {
	check(t, []broken{
		set("registry.prefix", "FinTrack", "lower-case letters"),
		set("registry.prefix", "", "first part of an ECR repository name"),
		set("registry.prefix", "fintrack/", "joined by one of"),
		set("registry.prefix", "/fintrack", "joined by one of"),
		set("registry.prefix", "fin--track", "joined by one of"),
		set("registry.prefix", "a/"+strings.Repeat("b", 127), "at most 128"),
		set("registry.keepImages", 1, "between 2 and 1000"),
		set("registry.keepImages", 1001, "between 2 and 1000"),
		set("registry.untaggedDays", 0, "between 1 and 365"),
		set("registry.untaggedDays", 366, "between 1 and 365"),

		set("secrets.prefix", "/fintrack", "without leading and trailing slash"),
		set("secrets.prefix", "fintrack/", "without leading and trailing slash"),
		set("secrets.prefix", "", "must be a path"),
		set("secrets.prefix", "fin*", "must be a path"),
		set("secrets.prefix", strings.Repeat("a", 129), "at most 128"),

		set("logs.prefix", "fintrack", "must be a path such as"),
		set("logs.prefix", "", "must be a path such as"),
		set("logs.prefix", "/", "must be a path such as"),
		set("logs.prefix", "/fintrack/", "must be a path such as"),
		set("logs.prefix", "/fin*", "must be a path such as"),
		set("logs.prefix", "/"+strings.Repeat("a", 128), "at most 128"),
		set("logs.prefix", "/aws", "AWS' own"),
		set("logs.prefix", "/aws/fintrack", "AWS' own"),
		with("logs.groups", "a list of 0", "1 to 50", func(e *config.Environment) { e.Logs.Groups = nil }),
		with("logs.groups", "a list of 51", "1 to 50", func(e *config.Environment) { e.Logs.Groups = groups(51) }),
		set("logs.groups[1].name", "a/b", "letters, digits"),
		set("logs.groups[1].name", "", "letters, digits"),
		set("logs.groups[1].name", strings.Repeat("a", 129), "at most 128"),
		set("logs.groups[1].name", "application", "is a duplicate of logs.groups[0].name"),
		set("logs.groups[1].retentionDays", 0, "choose one of 1, 3, 5"),
		set("logs.groups[0].retentionDays", 31, "choose one of 1, 3, 5"),
	})
	fits(t, configtest.Example, "registry.prefix", "a", "team/fin-track_1.x", strings.Repeat("b", 128))
	fits(t, configtest.Example, "registry.keepImages", 2, 1000)
	fits(t, configtest.Example, "registry.untaggedDays", 1, 365)
	fits(t, configtest.Example, "secrets.prefix", "a", "Team_1/fin.track-x", strings.Repeat("a", 128))
	fits(t, configtest.Example, "logs.prefix", "/a", "/team_1/fin.track-x", "/awsome", "/"+strings.Repeat("a", 127))
	fits(t, configtest.Example, "logs.groups[1].name", "a", "A.b_c-1", strings.Repeat("a", 128))
	fits(t, configtest.Example, "logs.groups[1].retentionDays", 1, 3653)
	e := configtest.Example()
	e.Logs.Groups = groups(50)
	if problems := problemsOf(t, e); problems != nil {
		t.Error(problems)
	}
}

func groups(n int) (groups []config.LogGroup) {
	for i := range n {
		groups = append(groups, config.LogGroup{Name: fmt.Sprint("g", i), RetentionDays: 7})
	}
	return groups
}

func TestDatabase(t *testing.T) {
	enabled := func() config.Environment {
		e := configtest.Example()
		e.Database.Enabled = true
		return e
	}
	checkFrom(t, enabled, []broken{
		set("database.engineVersion", "17", "such as \"17.6\""),
		set("database.engineVersion", "13.4", "from 14 to 18"),
		set("database.engineVersion", "19.1", "from 14 to 18"),
		set("database.engineVersion", "17.", "from 14 to 18"),
		set("database.engineVersion", "17.123", "from 14 to 18"),
		set("database.engineVersion", "17.x", "from 14 to 18"),
		set("database.instanceClass", "t4g.micro", "such as \"db.t4g.micro\""),
		set("database.instanceClass", "db.t4g.nano", "of the families t3, t4g"),
		set("database.instanceClass", "db.m7g.medium", "such as"),
		set("database.instanceClass", "db.c7g.large", "of the families"),
		set("database.instanceClass", "db.t4g.4xlarge", "such as"),
		set("database.instanceClass", "db.t4g", "such as"),
		set("database.instanceClass", "db.", "such as"),
		set("database.instanceClass", "", "such as"),
		set("database.name", "Fintrack", "lower-case"),
		set("database.name", "fin-track", "underscores"),
		set("database.name", "1a", "begin with a letter"),
		set("database.name", strings.Repeat("a", 64), "at most 63"),
		set("database.name", "rdsadmin", "not one of rdsadmin, template0, template1"),
		set("database.name", "template1", "not one of"),
		set("database.storageGiB", 19, "between 20 and 65536"),
		set("database.storageGiB", 65537, "between 20 and 65536"),
		set("database.maxStorageGiB", 21, "between 22 and 65536"),
		set("database.maxStorageGiB", 65537, "between 22 and 65536"),
		set("database.storageGiB", 91, "").orElse("database.maxStorageGiB", "100", "between 101 and 65536"),
		set("database.backupDays", 0, "between 1 and 35"),
		set("database.backupDays", 36, "between 1 and 35"),
	})
	fits(t, enabled, "database.engineVersion", "14.1", "18.99")
	fits(t, enabled, "database.instanceClass", "db.t3.micro", "db.m7g.large", "db.r8g.48xlarge")
	fits(t, enabled, "database.name", "a", "fin_track_1", strings.Repeat("a", 63))
	fits(t, enabled, "database.storageGiB", 90)
	fits(t, enabled, "database.maxStorageGiB", 22, 65536)
	fits(t, enabled, "database.backupDays", 1, 35)

	// Both bounds of the storage are judged even when they cannot be compared.
	e := enabled()
	e.Database.StorageGiB, e.Database.MaxStorageGiB = -1, 21
	expect(t, e,
		"database.storageGiB: -1 must be between 20 and 65536",
		"database.maxStorageGiB: 21 must be between 22 and 65536")

	// What is switched off may be empty.
	e = configtest.Example()
	e.Database = config.Database{}
	if problems := problemsOf(t, e); problems != nil {
		t.Error(problems)
	}
	e = configtest.Full()
	if problems := problemsOf(t, e); problems != nil {
		t.Errorf("the full environment must be valid, got\n%v", problems)
	}
}

// orElse says that the change shows at another field.
func (b broken) orElse(field, value, rule string) broken {
	b.field, b.value, b.rule = field, value, rule
	return b
}
