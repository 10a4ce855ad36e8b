package config_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/config/configtest"
)

// The lists of Validate, written a second time, so that a value cannot get lost
// or slip in unseen.

func TestRetentionDays(t *testing.T) {
	days := []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
	for day := range 4000 {
		e := configtest.Example()
		e.Cluster.LogRetentionDays = day
		if accepted := problemsOf(t, e) == nil; accepted != slices.Contains(days, day) {
			t.Errorf("%d days: accepted is %v", day, accepted)
		}
	}
}

// Every region can be used once the zones are its own.
func TestRegions(t *testing.T) {
	regions := strings.Fields(`
		us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 ca-central-1 ca-west-1 mx-central-1 sa-east-1
		eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
		af-south-1 il-central-1 me-central-1 me-south-1 cn-north-1 cn-northwest-1
		ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
		ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7`)
	for _, region := range regions {
		e := configtest.Example()
		e.Region = region
		for i := range e.Network.Zones {
			e.Network.Zones[i].Name = region + string(rune('d'+i)) // up to f
		}
		if problems := problemsOf(t, e); problems != nil {
			t.Errorf("%s: %v", region, problems)
		}
	}
	if got := config.AllRegions; len(got) != len(regions) || !slices.IsSorted(got) {
		t.Errorf("%d regions, want these %d in order: %q", len(got), len(regions), got)
	}
}

// The smallest size of every family, for each architecture; one smaller does
// not exist.
func TestInstanceTypes(t *testing.T) {
	smaller := map[string]string{"medium": "small", "large": "medium"}
	for _, group := range []struct{ architecture, smallest, families string }{
		{"amd64", "nano", "t3 t3a"},
		{"amd64", "medium", "m7a c7a r7a"},
		{"amd64", "large", "m5 m5a m5d m6a m6i m6id m7i m7i-flex m8i c5 c5a c5d c6a c6i c6id c6in c7i c7i-flex r5 r5a r5d r6a r6i r7i"},
		{"arm64", "nano", "t4g"},
		{"arm64", "medium", "m6g m6gd m7g m7gd m8g c6g c6gd c6gn c7g c7gd c7gn c8g r6g r6gd r7g r7gd r8g"},
	} {
		for _, family := range strings.Fields(group.families) {
			accepts := func(size string) bool {
				e := configtest.Example()
				e.Network.NAT = config.NAT{Mode: "Instance", InstanceType: family + "." + size, Architecture: group.architecture, VolumeGiB: 8}
				return problemsOf(t, e) == nil
			}
			if !accepts(group.smallest) {
				t.Errorf("%s.%s must be accepted", family, group.smallest)
			}
			if less := smaller[group.smallest]; less != "" && accepts(less) {
				t.Errorf("%s.%s does not exist", family, less)
			}
			if burstable := group.smallest == "nano"; accepts("4xlarge") == burstable || !accepts("2xlarge") {
				t.Errorf("%s: the largest sizes are wrong", family)
			}
		}
	}
}

func TestDatabaseClasses(t *testing.T) {
	for _, group := range []struct{ smallest, families string }{
		{"micro", "t3 t4g"},
		{"large", "m5 m5d m6g m6gd m6i m6id m7g m7i m8g r5 r5d r6g r6gd r6i r7g r7i r8g"},
	} {
		for _, family := range strings.Fields(group.families) {
			e := configtest.Example()
			e.Database.Enabled = true
			e.Database.InstanceClass = "db." + family + "." + group.smallest
			if problems := problemsOf(t, e); problems != nil {
				t.Error(problems)
			}
		}
	}
}

func TestInterfaceEndpoints(t *testing.T) {
	e := configtest.Example()
	e.Network.InterfaceEndpoints = strings.Fields(`
		aps-workspaces autoscaling ec2 ec2messages ecr.api ecr.dkr eks eks-auth elasticfilesystem
		elasticloadbalancing email-smtp events kms lambda logs monitoring rds secretsmanager
		sns sqs ssm ssmmessages sts wafv2 xray`)
	if problems := problemsOf(t, e); problems != nil {
		t.Error(problems)
	}
}

func TestReservedNames(t *testing.T) {
	var cases []broken
	for _, namespace := range []string{"argo-rollouts", "argocd", "default", "external-secrets", "karpenter", "kyverno", "logging", "monitoring", "kube-system", "kube-public", "kube-x"} {
		cases = append(cases, set("namespace", namespace, "must be the workloads' own"))
	}
	for _, name := range []string{"alb-controller", "cluster", "cluster-admin", "default", "default-deny", "ebs-csi", "external-secrets", "flow-logs", "fluent-bit", "nat", "nodes", "vpc-cni"} {
		cases = append(cases, set("workloads[0].name", name, "the platform uses itself"))
	}
	for _, variable := range []string{"PORT", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		cases = append(cases, set("workloads[0].secrets[0].variable", variable, "is set already by"))
	}
	for _, dir := range []string{"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run/secrets", "/sbin", "/sys", "/usr", "/var/run/secrets"} {
		cases = append(cases, set("workloads[0].writable[0].path", dir, "must not hide a directory of the system"))
	}
	check(t, cases)
}
