package nat_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/internal/cdktest"
)

// launchData is what machines are launched with.
func launchData(t testing.TB, template cdktest.Template) cdktest.Resource {
	t.Helper()
	launch := template.Only(t, "AWS::EC2::LaunchTemplate")
	launch.Properties, _ = launch.At("LaunchTemplateData").(map[string]any)
	return launch
}

// on changes the machine.
func on(change func(*nat.Machine)) func(*nat.Props) {
	return func(p *nat.Props) { change(&p.Machine) }
}

func TestInterfaceForwardsPacketsInTheFirstSubnet(t *testing.T) {
	template := synth(t, nil)
	inside := template.Only(t, "AWS::EC2::NetworkInterface")
	inside.Want(t, "SubnetId", ref(template.Where(t, "AWS::EC2::Subnet", "CidrBlock", "10.1.101.0/24")))
	inside.Want(t, "SourceDestCheck", false)
	inside.Want(t, "GroupSet", []any{getAtt(template.Only(t, "AWS::EC2::SecurityGroup").LogicalID, "GroupId")})
	inside.Want(t, "Description", "The private subnets' way out, on whichever machine is the NAT")
	if got := inside.Tag("Name"); got != "shop-nat" {
		t.Errorf("the interface's Name tag is %q, want shop-nat", got)
	}
}

func TestOnlyClientsComeInAndEverythingGoesOut(t *testing.T) {
	template := synth(t, func(p *nat.Props) { p.ClientCIDRs = []string{"10.1.2.0/24", "10.9.0.0/20"} })
	group := template.Only(t, "AWS::EC2::SecurityGroup")
	group.Want(t, "VpcId", ref(template.Only(t, "AWS::EC2::VPC")))
	group.Want(t, "GroupDescription", "NAT instance: in from the private subnets, out anywhere") // another one replaces the group
	group.Want(t, "SecurityGroupIngress", []any{
		map[string]any{"IpProtocol": "-1", "CidrIp": "10.1.2.0/24", "Description": "everything from private subnet 10.1.2.0/24"},
		map[string]any{"IpProtocol": "-1", "CidrIp": "10.9.0.0/20", "Description": "everything from private subnet 10.9.0.0/20"},
	})
	group.Want(t, "SecurityGroupEgress", []any{
		map[string]any{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "Description": "everything to anywhere"},
	})
	if got := group.Tag("Name"); got != "shop-nat" {
		t.Errorf("the group's Name tag is %q, want shop-nat", got)
	}
	if n := len(template.OfType("AWS::EC2::SecurityGroupIngress")) + len(template.OfType("AWS::EC2::SecurityGroupEgress")); n != 0 {
		t.Errorf("there are %d more rules beside the group", n)
	}
}

// Without an address of its own the machine could not ask EC2 for the other.
func TestMachineHasAWayOutBeforeItHasTheAddress(t *testing.T) {
	template := synth(t, nil)
	launchData(t, template).Want(t, "NetworkInterfaces", []any{map[string]any{
		"DeviceIndex":              0.0,
		"AssociatePublicIpAddress": true,
		"DeleteOnTermination":      true,
		"Groups":                   []any{getAtt(template.Only(t, "AWS::EC2::SecurityGroup").LogicalID, "GroupId")},
	}})
	// EC2 refuses both here and there.
	launchData(t, template).Want(t, "SecurityGroupIds", nil)
}

func TestMetadataIsForTheMachineItselfOnly(t *testing.T) {
	launchData(t, synth(t, nil)).Want(t, "MetadataOptions", map[string]any{
		"HttpEndpoint":            "enabled",
		"HttpTokens":              "required",
		"HttpPutResponseHopLimit": 1.0,
	})
}

func TestMachineIsTheGivenOne(t *testing.T) {
	for _, c := range []struct {
		change func(*nat.Props)
		size   float64
		typ    string
	}{
		{nil, 8, "t4g.micro"},
		{on(func(m *nat.Machine) { m.VolumeGiB, m.InstanceType = 11, "c7gn.medium" }), 11, "c7gn.medium"},
	} {
		launch := launchData(t, synth(t, c.change))
		launch.Want(t, "InstanceType", c.typ)
		launch.Want(t, "BlockDeviceMappings", []any{map[string]any{
			"DeviceName": "/dev/xvda",
			"Ebs":        map[string]any{"Encrypted": true, "VolumeSize": c.size, "VolumeType": "gp3", "DeleteOnTermination": true},
		}})
		launch.Want(t, "Monitoring", nil) // costs money for numbers that the machine publishes
	}
}

func TestOnlyBurstableMachinesAreUnlimited(t *testing.T) {
	for instanceType, want := range map[string]any{
		"t4g.micro": "unlimited", "t3.nano": "unlimited", "t3a.2xlarge": "unlimited", "m7g.medium": nil, "c6gn.large": nil,
	} {
		launch := launchData(t, synth(t, on(func(m *nat.Machine) { m.InstanceType = instanceType })))
		launch.Want(t, "CreditSpecification.CpuCredits", want)
	}
}

// The role knows machines and interfaces of this NAT by the Name.
func TestEverythingThatIsLaunchedIsTagged(t *testing.T) {
	for _, c := range []struct {
		tags map[string]string
		want []any
	}{
		{nil, []any{map[string]any{"Key": "Name", "Value": "shop-nat"}}},
		{map[string]string{"owner": "me", "cost": "shop"}, []any{
			map[string]any{"Key": "Name", "Value": "shop-nat"},
			map[string]any{"Key": "cost", "Value": "shop"},
			map[string]any{"Key": "owner", "Value": "me"},
		}},
	} {
		launchData(t, synth(t, func(p *nat.Props) { p.Tags = c.tags })).Want(t, "TagSpecifications", []any{
			map[string]any{"ResourceType": "instance", "Tags": c.want},
			map[string]any{"ResourceType": "volume", "Tags": c.want},
			map[string]any{"ResourceType": "network-interface", "Tags": c.want},
		})
	}
}

func TestMachineIsReachedBySessionManagerAndNotBySSH(t *testing.T) {
	template := synth(t, nil)
	launch := launchData(t, template)
	launch.Want(t, "KeyName", nil)

	role := template.Only(t, "AWS::IAM::Role")
	role.Want(t, "RoleName", "shop-nat")
	role.Want(t, "Description", "NAT instance: its interface and address, and Session Manager in place of SSH")
	role.Want(t, "AssumeRolePolicyDocument.Statement", []any{map[string]any{
		"Effect":    "Allow",
		"Action":    "sts:AssumeRole",
		"Principal": map[string]any{"Service": "ec2.amazonaws.com"},
	}})
	role.Want(t, "ManagedPolicyArns", []any{map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"}})
	profile := template.Only(t, "AWS::IAM::InstanceProfile")
	profile.Want(t, "InstanceProfileName", "shop-nat")
	profile.Want(t, "Roles", []any{ref(role)})
	launch.Want(t, "IamInstanceProfile", map[string]any{"Arn": getAtt(profile.LogicalID, "Arn")})
}

// What each statement allows is tested with the document, in package policy.
// Here it is whose interface, address, name and measurements they are.
func TestRoleIsBoundToItsOwnInterfaceAndAddress(t *testing.T) {
	template := synth(t, on(func(m *nat.Machine) { m.MetricNamespace = "Shop/NAT" }))
	role := template.Only(t, "AWS::IAM::Role")
	if policies, _ := role.At("Policies").([]any); len(policies) != 1 {
		t.Errorf("the role has %d inline policies, want 1", len(policies))
	}
	role.Want(t, "Policies.0.PolicyName", "be-the-nat")
	const arn = "arn:${AWS::Partition}:%:${AWS::Region}:${AWS::AccountId}:"
	ec2 := strings.Replace(arn, "%", "ec2", 1)
	of := func(sid string) any {
		statements, _ := role.At("Policies.0.PolicyDocument.Statement").([]any)
		for _, s := range statements {
			if cdktest.At(s, "Sid") == sid {
				return s
			}
		}
		t.Errorf("the role has no statement %s", sid)
		return nil
	}
	for _, c := range []struct {
		sid, path string
		want      any
	}{
		{"MoveTheOneInterface", "Resource.Fn::Sub", []any{
			ec2 + "network-interface/${Interface}",
			map[string]any{"Interface": ref(template.Only(t, "AWS::EC2::NetworkInterface"))},
		}},
		{"TakeTheOneAddress", "Resource.Fn::Sub", []any{
			ec2 + "elastic-ip/${Allocation}",
			map[string]any{"Allocation": getAtt(mainAddress(t, template).LogicalID, "AllocationId")},
		}},
		{"MoveItBetweenTheseMachines", "Condition", map[string]any{"StringEquals": map[string]any{"aws:ResourceTag/Name": "shop-nat"}}},
		{"TakeItToTheseMachines", "Condition", map[string]any{"StringEquals": map[string]any{"aws:ResourceTag/Name": "shop-nat"}}},
		{"TellAutoScaling", "Resource.Fn::Sub", strings.Replace(arn, "%", "autoscaling", 1) + "autoScalingGroup:*:autoScalingGroupName/shop-nat"},
		{"TellCloudFormation", "Resource.Fn::Sub", "${AWS::StackId}"},
		{"Measure", "Condition", map[string]any{"StringEquals": map[string]any{"cloudwatch:namespace": "Shop/NAT"}}},
	} {
		if got := cdktest.At(of(c.sid), c.path); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %s is %s, want %s", c.sid, c.path, cdktest.Show(got), cdktest.Show(c.want))
		}
	}
}

func TestImageIsAParameterThatIsLookedUpAtLaunch(t *testing.T) {
	const public = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
	for _, c := range []struct{ architecture, image, value, source string }{
		{"", "", "{{resolve:ssm:" + public + "arm64}}", public + "arm64"},
		{"arm64", "", "{{resolve:ssm:" + public + "arm64}}", public + "arm64"},
		{"amd64", "", "{{resolve:ssm:" + public + "x86_64}}", public + "x86_64"},
		{"", "/shop/golden", "{{resolve:ssm:/shop/golden}}", "/shop/golden"},
		{"", "/shop/golden:7", "{{resolve:ssm:/shop/golden:7}}", "/shop/golden:7"},
		{"", "ami-0123456789abcdef0", "ami-0123456789abcdef0", "ami-0123456789abcdef0"},
	} {
		template := synth(t, on(func(m *nat.Machine) {
			m.Architecture, m.Image, m.ImageParameter = c.architecture, c.image, "/shop/test/nat-image"
		}))
		parameter := template.Only(t, "AWS::SSM::Parameter")
		parameter.Want(t, "Name", "/shop/test/nat-image")
		parameter.Want(t, "Type", "String")
		parameter.Want(t, "DataType", "aws:ec2:image")
		parameter.Want(t, "Value", c.value)
		parameter.Want(t, "Description", "Image of the next NAT instance")
		// The template holds the parameter's name and no image: Amazon's next one
		// replaces no running machine. Another choice of ours does.
		launchData(t, template).Want(t, "ImageId", map[string]any{"Fn::Sub": []any{
			"resolve:ssm:${Parameter}", map[string]any{"Parameter": ref(parameter)},
		}})
		if got := settings(t, template)["NAT_IMAGE"]; got != c.source {
			t.Errorf("the image's source in the user data is %q, want %q", got, c.source)
		}
	}
	synth(t, nil).Only(t, "AWS::SSM::Parameter").Want(t, "Name", nil)
}

func TestGroupKeepsOneMachine(t *testing.T) {
	template := synth(t, nil)
	group := template.Only(t, "AWS::AutoScaling::AutoScalingGroup")
	for property, want := range map[string]any{
		"AutoScalingGroupName": "shop-nat", // IAM and alarms know it
		"MinSize":              "1",
		"MaxSize":              "2",
		"DesiredCapacity":      "1",
		"VPCZoneIdentifier":    []any{ref(template.Where(t, "AWS::EC2::Subnet", "CidrBlock", "10.1.101.0/24"))},
		"HealthCheckType":      "EC2",
		"TerminationPolicies":  []any{"OldestInstance"},
		"MetricsCollection":    []any{map[string]any{"Granularity": "1Minute", "Metrics": []any{"GroupInServiceInstances", "GroupTotalInstances"}}},
		"Tags":                 []any{map[string]any{"Key": "Name", "Value": "shop-nat", "PropagateAtLaunch": true}},
	} {
		group.Want(t, property, want)
	}
	group.Want(t, "HealthCheckGracePeriod", 60)
	if attachment := template.Only(t, "AWS::EC2::VPCGatewayAttachment").LogicalID; !slices.Contains(group.Depends(), attachment) {
		t.Errorf("the group depends on %v, want the internet gateway's attachment %s", group.Depends(), attachment)
	}
}

func TestMachineCountsOnlyWhenItForwards(t *testing.T) {
	group := synth(t, nil).Only(t, "AWS::AutoScaling::AutoScalingGroup")
	group.Want(t, "LifecycleHookSpecificationList", []any{map[string]any{
		"LifecycleHookName":   "forwarding",
		"LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
		"HeartbeatTimeout":    300.0,
		"DefaultResult":       "ABANDON",
	}})
	if want := map[string]any{"ResourceSignal": map[string]any{"Count": 1.0, "Timeout": "PT10M"}}; !reflect.DeepEqual(group.CreationPolicy, want) {
		t.Errorf("the group is made when %s, want %s", cdktest.Show(group.CreationPolicy), cdktest.Show(want))
	}
}

// The routes are moved, and the cluster's nodes started, when there is a way out.
func TestRoutesFollowTheMachine(t *testing.T) {
	template := synth(t, nil)
	group := template.Only(t, "AWS::AutoScaling::AutoScalingGroup").LogicalID
	for table, route := range defaultRoutes(template) {
		if !slices.Contains(route.Depends(), group) {
			t.Errorf("the route of %s depends on %v, want the group %s", table, route.Depends(), group)
		}
	}
}

func TestOldMachineStaysUntilTheNewOneForwards(t *testing.T) {
	want := map[string]any{"AutoScalingRollingUpdate": map[string]any{
		"MinInstancesInService": 1.0,
		"MaxBatchSize":          1.0,
		"PauseTime":             "PT10M",
		"WaitOnResourceSignals": true,
		"SuspendProcesses":      []any{"HealthCheck", "ReplaceUnhealthy", "AZRebalance", "AlarmNotification", "ScheduledActions"},
	}}
	if got := synth(t, nil).Only(t, "AWS::AutoScaling::AutoScalingGroup").UpdatePolicy; !reflect.DeepEqual(got, want) {
		t.Errorf("the group is updated by %s, want %s", cdktest.Show(got), cdktest.Show(want))
	}
}

func TestChangedLaunchTemplateMakesANewMachine(t *testing.T) {
	template := synth(t, nil)
	launch := template.Only(t, "AWS::EC2::LaunchTemplate")
	template.Only(t, "AWS::AutoScaling::AutoScalingGroup").Want(t, "LaunchTemplate", map[string]any{
		"LaunchTemplateId": ref(launch),
		"Version":          getAtt(launch.LogicalID, "LatestVersionNumber"),
	})
}

func TestTopicHearsOfMachinesThatComeAndGo(t *testing.T) {
	template := synth(t, nil)
	template.Only(t, "AWS::AutoScaling::AutoScalingGroup").Want(t, "NotificationConfigurations", []any{map[string]any{
		"TopicARN": ref(template.Only(t, "AWS::SNS::Topic")),
		"NotificationTypes": []any{
			"autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
			"autoscaling:EC2_INSTANCE_TERMINATE", "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
		},
	}})
	silent := synth(t, func(p *nat.Props) { p.AlarmTopic = nil })
	silent.Only(t, "AWS::AutoScaling::AutoScalingGroup").Want(t, "NotificationConfigurations", nil)
}

func TestAcceptedFindingsHaveReasons(t *testing.T) {
	accepted := func(r cdktest.Resource) (list []string) {
		rules, _ := cdktest.At(r.Metadata, "cdk_nag.rules_to_suppress").([]any)
		for _, rule := range rules {
			id, _ := cdktest.At(rule, "id").(string)
			finding, _ := cdktest.At(rule, "applies_to.0").(string)
			if reason, _ := cdktest.At(rule, "reason").(string); reason == "" {
				t.Errorf("%s of %s is accepted without a reason", id, r.Type)
			}
			list = append(list, strings.TrimSuffix(id+" "+finding, " "))
		}
		return list
	}
	want := []string{
		"AwsSolutions-IAM4",
		"AwsSolutions-IAM5 Resource::*",
		"AwsSolutions-IAM5 Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/*",
		"AwsSolutions-IAM5 Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:network-interface/*",
		"AwsSolutions-IAM5 Resource::arn:<AWS::Partition>:autoscaling:<AWS::Region>:<AWS::AccountId>:autoScalingGroup:*:autoScalingGroupName/shop-nat",
	}
	if got := accepted(synth(t, nil).Only(t, "AWS::IAM::Role")); !slices.Equal(got, want) {
		t.Errorf("of the role %q are accepted, want %q", got, want)
	}
	for topic, want := range map[bool][]string{true: nil, false: {"AwsSolutions-AS3"}} {
		template := synth(t, func(p *nat.Props) {
			if !topic {
				p.AlarmTopic = nil
			}
		})
		if got := accepted(template.Only(t, "AWS::AutoScaling::AutoScalingGroup")); !slices.Equal(got, want) {
			t.Errorf("with a topic is %v: of the group %q are accepted, want %q", topic, got, want)
		}
	}
}

func bootScript(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("boot.sh")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// userData is what a machine gets, with every token replaced.
func userData(t testing.TB, template cdktest.Template, token func(any) string) string {
	t.Helper()
	value := launchData(t, template).At("UserData.Fn::Base64.Fn::Join")
	parts, _ := cdktest.At(value, "1").([]any)
	if cdktest.At(value, "0") != "" || len(parts) == 0 {
		t.Fatalf("the user data is %s, want texts and tokens joined by nothing", cdktest.Show(launchData(t, template).At("UserData")))
	}
	var text strings.Builder
	for _, part := range parts {
		if s, ok := part.(string); ok {
			text.WriteString(s)
		} else {
			text.WriteString(token(part))
		}
	}
	return text.String()
}

// settings are the variables that the script finds, as a shell reads them. Tokens
// are JSON.
func settings(t testing.TB, template cdktest.Template) map[string]string {
	t.Helper()
	_, script, _ := strings.Cut(bootScript(t), "\n")
	head := strings.TrimSuffix(userData(t, template, cdktest.Show), script)
	file := filepath.Join(t.TempDir(), "head")
	if err := os.WriteFile(file, []byte(head), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("bash", "-c", `set -a; . "$1"; env -0`, "bash", file)
	command.Env = []string{"PATH=" + os.Getenv("PATH")}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("bash cannot read the settings: %v\n%s\n%s", err, out, head)
	}
	found := map[string]string{}
	for _, line := range strings.Split(string(out), "\x00") {
		if key, value, _ := strings.Cut(line, "="); strings.HasPrefix(key, "NAT_") {
			found[key] = value
		}
	}
	return found
}

func TestUserDataIsTheBootScript(t *testing.T) {
	text := userData(t, synth(t, nil), func(any) string { return "x" })
	head, _, _ := strings.Cut(text, "\n")
	if head != "#!/bin/bash" { // cloud-init takes nothing else for a script
		t.Errorf("the user data begins with %q", head)
	}
	_, script, _ := strings.Cut(bootScript(t), "\n")
	if !strings.HasSuffix(text, "\n"+script) || strings.Count(text, "#!/bin/bash\n") != 1 {
		t.Errorf("the script does not end the user data, or begins it twice:\n%s", text)
	}
	for _, line := range lines(strings.TrimSuffix(text, script))[1:] {
		if !strings.HasPrefix(line, "NAT_") || !strings.HasSuffix(line, "'") {
			t.Errorf("the line %q is no setting", line)
		}
	}
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

func TestScriptFindsItsSettings(t *testing.T) {
	check := func(template cdktest.Template, change map[string]string) {
		t.Helper()
		address := mainAddress(t, template).LogicalID
		group := template.Only(t, "AWS::AutoScaling::AutoScalingGroup")
		want := map[string]string{
			"NAT_NAME":       "shop-nat",
			"NAT_REGION":     `{"Ref":"AWS::Region"}`,
			"NAT_INTERFACE":  cdktest.Show(ref(template.Only(t, "AWS::EC2::NetworkInterface"))),
			"NAT_ALLOCATION": cdktest.Show(getAtt(address, "AllocationId")),
			"NAT_ADDRESS":    cdktest.Show(getAtt(address, "PublicIp")),
			"NAT_CLIENTS":    "10.1.1.0/24 10.1.2.0/24",
			"NAT_GROUP":      "shop-nat",
			"NAT_HOOK":       "forwarding",
			"NAT_STACK":      `{"Ref":"AWS::StackId"}`,
			"NAT_RESOURCE":   group.LogicalID,
			"NAT_NAMESPACE":  "NAT",
			"NAT_PROBES":     "checkip.amazonaws.com:443 aws.amazon.com:443",
			"NAT_IMAGE":      "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
		}
		maps.Copy(want, change)
		if got := settings(t, template); !reflect.DeepEqual(got, want) {
			t.Errorf("the settings are\n%s, want\n%s", cdktest.Show(got), cdktest.Show(want))
		}
	}
	check(synth(t, nil), nil)
	check(synth(t, func(p *nat.Props) {
		p.ClientCIDRs = []string{"10.9.0.0/20"}
		p.Machine.ProbeTargets = []string{"example.com:443", "example.org:53"}
		p.Machine.MetricNamespace = "Eve's $(shop) NAT"
		p.Machine.Image = "ami-0123456789abcdef0"
	}), map[string]string{
		"NAT_CLIENTS":   "10.9.0.0/20",
		"NAT_PROBES":    "example.com:443 example.org:53",
		"NAT_NAMESPACE": "Eve's $(shop) NAT",
		"NAT_IMAGE":     "ami-0123456789abcdef0",
	})
	// What the script reads is what it is given.
	for name := range settings(t, synth(t, nil)) {
		if !strings.Contains(bootScript(t), "$"+name) && !strings.Contains(bootScript(t), "${"+name) {
			t.Errorf("the script does not read %s", name)
		}
	}
}

// EC2 takes 16 KiB. The values are the longest that config lets through: six
// zones, four targets of a hundred characters, a parameter of 128.
func TestUserDataFits(t *testing.T) {
	long := func(n int, end string) string { return strings.Repeat("n", n-len(end)) + end }
	template := synth(t, func(p *nat.Props) {
		p.Name = long(45, "-nat")
		p.ClientCIDRs = slices.Repeat([]string{"192.168.100.128/27"}, 6)
		p.Machine.Image = "/" + long(127, "")
		p.Machine.MetricNamespace = long(24, "/NAT")
		p.Machine.ProbeTargets = slices.Repeat([]string{long(106, ":65535")}, 4)
	})
	if n := len(userData(t, template, func(any) string { return long(60, "") })); n > 16384 {
		t.Errorf("the user data may have %d bytes, EC2 takes 16384: boot.sh must lose %d", n, n-16384)
	}
}

func TestBootScriptIsSoundShell(t *testing.T) {
	script := bootScript(t)
	if !strings.HasPrefix(script, "#!/bin/bash\n") { // for linters; the user data has one of its own
		t.Errorf("the script begins with %q", lines(script)[0])
	}
	if !slices.Contains(lines(script), "set -euo pipefail") {
		t.Error("the script goes on after an error")
	}
	if out, err := exec.Command("bash", "-n", "boot.sh").CombinedOutput(); err != nil {
		t.Errorf("bash -n: %v\n%s", err, out)
	}
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Log("shellcheck is not installed; bash has checked the syntax")
		return
	}
	if out, err := exec.Command(shellcheck, "boot.sh").CombinedOutput(); err != nil {
		t.Errorf("shellcheck: %v\n%s", err, out)
	}
}
