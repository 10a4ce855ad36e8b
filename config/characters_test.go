package config_test

import (
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

// Which characters may stand where, for every field with a shape: each ASCII
// character and two others are tried in place of the bullet. The classes are
// written by hand from the services' documentation, not from the patterns.
func TestWhichCharactersAreAccepted(t *testing.T) {
	const (
		lower  = "abcdefghijklmnopqrstuvwxyz"
		upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		digits = "0123456789"
		hex    = digits + "abcdef"
		alnum  = lower + upper + digits
		arn    = "arn:${AWS::Partition}:"
	)
	hex39, hex63 := strings.Repeat("a", 39), strings.Repeat("a", 63)
	const w, release = "workloads[0].", `releases.workloads["web"].`

	for _, test := range []struct{ field, text, accepted string }{
		{"namespace", "•bc", lower},
		{"namespace", "a•c", lower + digits + "-"},
		{"namespace", "ab•", lower + digits},
		{"namespace", "a-•c", lower + digits},
		{"namespace", "a-b•d", lower + digits + "-"},
		{"displayName", "•bc", upper},
		{"displayName", "•Bc", upper},
		{"displayName", "A•c", alnum},
		{"displayName", "A•", alnum},
		{"account", "•11122223333", digits},
		{"account", "11112222333•", digits},
		{"owner", "•b@c.de", alnum + "._+-"},
		{"owner", "a•@c.de", alnum + "._+-"},
		{"owner", "a@•c.de", alnum},
		{"owner", "a@b•c.de", alnum + ".-"},
		{"owner", "a@bc•.de", alnum},
		{"owner", "a@b.•e", lower + upper},
		{"owner", "a@b.d•", lower + upper},
		{"owner", "a@b.de•", lower + upper},
		{"repository", "•b/c", alnum},
		{"repository", "a•/c", alnum + "-"},
		{"repository", "a/•c", alnum + "_-"},
		{"repository", "a/b•", alnum + "_-."},
		{"repository", "a•b", "/"},

		// These need a region that is not known, or only its own zones fit.
		{"network.zones[0].name", "•u-north-1b", lower},
		{"network.zones[0].name", "e•-north-1b", lower},
		{"network.zones[0].name", "eu•north-1b", "-"},
		{"network.zones[0].name", "eu-•orth-1b", lower},
		{"network.zones[0].name", "eu-nort•-1b", lower},
		{"network.zones[0].name", "eu-north•1b", "-"},
		{"network.zones[0].name", "eu-north-•b", "123456789"},
		{"network.zones[0].name", "eu-north-1•", "abcdef"},

		{"cluster.adminPrincipals[0]", "•ole/abc", "r"},
		{"cluster.adminPrincipals[0]", "role•abc", "/"},
		{"cluster.adminPrincipals[0]", "role/•-abc", alnum + "+=,.@_/*-"},
		{"cluster.adminPrincipals[0]", "role/abc-•", alnum + "+=,.@_/*-"},
		{"cluster.adminPrincipals[0]", "role/ab•", alnum},
		{"cluster.adminPrincipals[0]", "user/abc•", alnum + "+=,.@_/*-"},
		{"cluster.admins[0]", "•rn:aws:iam::111122223333:role/a", "a"},
		{"cluster.admins[0]", "arn:aws:iam::11112222333•:role/a", digits},
		{"cluster.admins[0]", "arn:aws:iam::111122223333:role/•", alnum + "+=,.@_-"},
		{"cluster.admins[0]", "arn:aws:iam::111122223333:role/a•b", alnum + "+=,.@_-/"},
		{"cluster.admins[0]", "arn:aws:iam::111122223333:role/a/•b", alnum + "+=,.@_-"},
		{"cluster.admins[0]", "arn:aws:iam::111122223333:role/a•b/c", alnum + "+=,.@_-/"},
		{`cluster.addonVersions["coredns"]`, "•1.2.3-eksbuild.4", "v"},
		{`cluster.addonVersions["coredns"]`, "v•.2.3-eksbuild.4", digits},
		{`cluster.addonVersions["coredns"]`, "v1•2.3-eksbuild.4", "."},
		{`cluster.addonVersions["coredns"]`, "v1.•.3-eksbuild.4", digits},
		{`cluster.addonVersions["coredns"]`, "v1.2•3-eksbuild.4", "."},
		{`cluster.addonVersions["coredns"]`, "v1.2.•-eksbuild.4", digits},
		{`cluster.addonVersions["coredns"]`, "v1.2.3-eksbuild•4", "."},
		{`cluster.addonVersions["coredns"]`, "v1.2.3-eksbuild.•", digits},

		{"network.nat.image", "•mi-01234567", "a/"}, // or a parameter called mi-…
		{"network.nat.image", "ami•01234567", "-"},
		{"network.nat.image", "ami-•1234567", hex},
		{"network.nat.image", "ami-0123456•", hex},
		{"network.nat.image", "•a/b", "/"},
		{"network.nat.image", "/•/b", alnum + "_.-"},
		{"network.nat.image", "/a•b", alnum + "_.-/"},
		{"network.nat.image", "/a•1", alnum + "_.-/:"},
		{"network.nat.image", "/a:•", "123456789"},
		{"network.nat.image", "/a:1•", digits},
		{"network.nat.probeTargets[0]", "•b.cd:1", lower + digits},
		{"network.nat.probeTargets[0]", "a•b.cd:1", lower + digits + "-."},
		{"network.nat.probeTargets[0]", "a.•d:1", lower},
		{"network.nat.probeTargets[0]", "a.bc•1", ":"},
		{"network.nat.probeTargets[0]", "a.bc:•", "123456789"},
		{"network.nat.probeTargets[0]", "a.bc:1•", digits},

		{"alarms.emails[0]", "•b@c.de", alnum + "._+-"},
		{"alarms.emails[0]", "a@•c.de", alnum},
		{"alarms.emails[0]", "a@b.d•", lower + upper},
		{"atlas.projectID", "•123456789abcdef01234567", hex},
		{"atlas.projectID", "0123456789abcdef0123456•", hex},
		{"atlas.profile", "•b", alnum + "_-"},
		{"atlas.profile", "a•", alnum + "_-"},

		{"registry.prefix", "•b", lower + digits},
		{"registry.prefix", "a•c", lower + digits + "._-/"},
		{"registry.prefix", "ab•", lower + digits},
		{"registry.prefix", "a.•", lower + digits},
		{"registry.prefix", "a.b•c", lower + digits + "._-/"},
		{"registry.prefix", "a/b•c", lower + digits + "._-/"},
		{"registry.prefix", "a/•c", lower + digits},
		{"registry.prefix", "a/b.•", lower + digits},
		{"secrets.prefix", "•b", alnum + "_.-"},
		{"secrets.prefix", "a•c", alnum + "_.-/"},
		{"secrets.prefix", "a/•c", alnum + "_.-"},
		{"secrets.prefix", "ab•", alnum + "_.-"},
		{"logs.prefix", "•a", "/"},
		{"logs.prefix", "•/a", ""},
		{"logs.prefix", "/•", alnum + "_.-"},
		{"logs.prefix", "/a•b", alnum + "_.-/"},
		{"logs.groups[1].name", "•b", alnum + "_.-"},
		{"logs.groups[1].name", "a•", alnum + "_.-"},

		{"database.engineVersion", "•7.6", "1"},
		{"database.engineVersion", "1•.6", "45678"},
		{"database.engineVersion", "17•6", "."},
		{"database.engineVersion", "17.•", digits},
		{"database.name", "•b", lower},
		{"database.name", "a•", lower + digits + "_"},

		{w + "name", "•bc", lower},
		{w + "component", "a•c", lower + digits + "-"},
		{w + "resources.cpuRequest", "10•m", digits},
		{w + "resources.cpuLimit", "1.•", digits},
		{w + "resources.cpuLimit", "1•5", "."},
		{w + "resources.memoryLimit", "256•i", "M"},
		{w + "health.live", "•a", "/"},
		{w + "health.live", "/•", alnum + "._~-/"},
		{w + "health.ready", "/a•b", alnum + "._~-/"},
		{w + "metricsPath", "/a•b", alnum + "._~-/"},
		{w + "ingress.host", "•b.cd", lower + digits},
		{w + "ingress.host", "a•b.cd", lower + digits + "-."},
		{w + "ingress.host", "ab•.cd", lower + digits},
		{w + "ingress.host", "a•cd", "."},
		{w + "ingress.host", "a.•d", lower},
		{w + "ingress.host", "a.b•d", lower + digits + "-"},
		{w + "ingress.host", "a.b•", lower + digits},
		{w + "secrets[0].variable", "•B", lower + upper + "_"},
		{w + "secrets[0].variable", "A•", alnum + "_"},
		{w + "secrets[0].secret", "a•c", alnum + "_.-/"},
		{w + "secrets[0].property", "•b", alnum + "_.-"},
		{w + "secrets[0].property", "a•", alnum + "_.-"},
		{w + "egress[0].name", "•bc", lower},
		{w + "egress[0].name", "a•c", lower + digits + "-"},
		{w + "egress[0].name", "ab•", lower + digits},
		{w + "writable[0].path", "•a", "/"},
		{w + "writable[0].path", "•/a", ""},
		{w + "writable[0].path", "/•", alnum + "_-"}, // "/." is not clean
		{w + "writable[0].path", "/a•b", alnum + "._-/"},

		{"workloads[1].permissions[0].actions[0]", "•3:GetObject", lower + digits + "-"},
		{"workloads[1].permissions[0].actions[0]", "s•:GetObject", lower + digits + "-"},
		{"workloads[1].permissions[0].actions[0]", "s3•GetObject", ":"},
		{"workloads[1].permissions[0].actions[0]", "s3:•etObject", upper},
		{"workloads[1].permissions[0].actions[0]", "s3:G•tObject", alnum},
		{"workloads[1].permissions[0].actions[0]", "s3:GetObjec•", alnum + "*"},
		{"workloads[1].permissions[0].actions[0]", "s3:G•t*", lower},
		{"workloads[1].permissions[0].actions[0]", "s3:Ge•*", lower},
		{"workloads[1].permissions[0].actions[0]", "s3:G•*", ""},
		{"workloads[1].permissions[0].resources[0]", "•rn:${AWS::Partition}:s3:::b", "a"},
		{"workloads[1].permissions[0].resources[0]", "•" + arn + "s3:::b", ""},
		{"workloads[1].permissions[0].resources[0]", "arn:${AWS::Partition•:s3:::b", "}"},
		{"workloads[1].permissions[0].resources[0]", arn + "s•:::b", lower + digits + "-"},
		{"workloads[1].permissions[0].resources[0]", arn + "s3:•::b", lower + digits + "-"},
		{"workloads[1].permissions[0].resources[0]", arn + "s3::11112222333•:b", digits},
		{"workloads[1].permissions[0].resources[0]", arn + "s3:::•b", alnum + "_+=,.@/*?-"},
		{"workloads[1].permissions[0].resources[0]", arn + "s3:::a•b", alnum + "_+=,.@:/*?-"},
		{"workloads[1].permissions[0].resources[0]", arn + "s3:::${AWS::Region•", "}"},

		{release + "tag", "•b", alnum},
		{release + "tag", "a•c", alnum + "._-"},
		{release + "tag", "ab•", alnum},
		{release + "digest", "sha256:•" + hex63, hex},
		{release + "digest", "sha256:" + hex63 + "•", hex},
		{release + "digest", "sha25•:" + hex63 + "a", "6"},
		{release + "digest", "•ha256:" + hex63 + "a", "s"},
		{release + "commit", "•" + hex39, hex},
		{release + "commit", hex39 + "•", hex},
	} {
		var wrongly []string
		e := configtest.Full()
		switch test.field {
		case "displayName": // or only the project's letters fit
			e.Project = ""
		case "network.zones[0].name":
			e.Region = ""
		}
		node, ok := configtest.Lookup(&e, test.field)
		if !ok {
			t.Fatalf("no field %s", test.field)
		}
		for _, char := range everyCharacter() {
			node.Set(strings.Replace(test.text, "•", char, 1))
			if names(problemsOf(t, e), test.field) == strings.Contains(test.accepted, char) {
				wrongly = append(wrongly, char)
			}
		}
		// Nothing may stand before or behind what is accepted.
		if test.accepted != "" {
			text := strings.Replace(test.text, "•", test.accepted[:1], 1)
			for _, more := range []string{"!" + text, text + "!", text + "\n"} {
				node.Set(more)
				if !names(problemsOf(t, e), test.field) {
					wrongly = append(wrongly, more)
				}
			}
		}
		if wrongly != nil {
			t.Errorf("%s %q: wrongly judged: %q", test.field, test.text, wrongly)
		}
	}
}

// everyCharacter gives ASCII and two letters that look like it.
func everyCharacter() []string {
	all := []string{"é", "\u212a"} // the Kelvin sign, which folds to k
	for c := range rune(128) {
		all = append(all, string(c))
	}
	return all
}

func names(problems config.Problems, field string) bool {
	for _, p := range problems {
		if p.Field == field {
			return true
		}
	}
	return false
}
