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

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/constructs/network"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

// synth makes a NAT in a network of two zones.
func synth(t *testing.T, change func(*nat.Props)) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		vpc := network.New(stack, "Network", network.Props{
			Name: "shop",
			CIDR: "10.1.0.0/16",
			Zones: []network.Zone{
				{Letter: "a", PublicCIDR: "10.1.101.0/24", PrivateCIDR: "10.1.1.0/24"},
				{Letter: "b", PublicCIDR: "10.1.102.0/24", PrivateCIDR: "10.1.2.0/24"},
			},
		})
		props := nat.Props{
			Name:           "shop-nat",
			VPC:            vpc.VPC(),
			Subnet:         vpc.PublicSubnets()[1],
			InternetAccess: vpc.InternetAccess(),
			RouteTables:    vpc.PrivateRouteTables(),
			ClientCIDRs:    []string{"10.1.1.0/24", "10.1.2.0/24"},
			InstanceType:   "t4g.small",
			Architecture:   "arm64",
			VolumeGiB:      11,
			ImageParameter: "/shop/test/nat-image",
		}
		if change != nil {
			change(&props)
		}
		n := nat.New(stack, "Nat", props)
		for id, value := range map[string]*string{"Address": n.Address(), "ElasticIP": n.ElasticIP().Ref(), "Instance": n.Instance().Ref()} {
			cdk.NewCfnOutput(stack, jsii.String(id), &cdk.CfnOutputProps{Value: value})
		}
	})
}

func getAtt(id, attribute string) any {
	return map[string]any{"Fn::GetAtt": []any{id, attribute}}
}

func ref(r cdktest.Resource) any { return map[string]any{"Ref": r.LogicalID} }

// launchData is what machines are launched with.
func launchData(t *testing.T, template cdktest.Template) cdktest.Resource {
	t.Helper()
	launch := template.Only(t, "AWS::EC2::LaunchTemplate")
	launch.Properties, _ = launch.At("LaunchTemplateData").(map[string]any)
	return launch
}

func TestAddressIsStaticAndOutlivesTheStack(t *testing.T) {
	template := synth(t, nil)
	address := template.Only(t, "AWS::EC2::EIP")
	address.Want(t, "Domain", "vpc")
	if got := address.Tag("Name"); got != "shop-nat" {
		t.Errorf("the address' Name tag is %q, want shop-nat", got)
	}
	if address.DeletionPolicy != "Retain" || address.UpdateReplacePolicy != "Retain" {
		t.Errorf("the policies are %q on deletion and %q on replacement, want Retain", address.DeletionPolicy, address.UpdateReplacePolicy)
	}
	// A resource of its own: an address that names its instance changes with it.
	address.Want(t, "InstanceId", nil)
	// EC2 refuses an address in a VPC that has no internet gateway yet.
	if gateway := template.Only(t, "AWS::EC2::VPCGatewayAttachment").LogicalID; !slices.Contains(address.Depends(), gateway) {
		t.Errorf("the address depends on %v, want the gateway's attachment %s", address.Depends(), gateway)
	}
	association := template.Only(t, "AWS::EC2::EIPAssociation")
	association.Want(t, "AllocationId", getAtt(address.LogicalID, "AllocationId"))
	association.Want(t, "InstanceId", ref(template.Only(t, "AWS::EC2::Instance")))
}

func TestInstanceForwardsPacketsInThePublicSubnet(t *testing.T) {
	template := synth(t, nil)
	instance := template.Only(t, "AWS::EC2::Instance")
	instance.Want(t, "SourceDestCheck", false)
	instance.Want(t, "SubnetId", ref(template.Where(t, "AWS::EC2::Subnet", "CidrBlock", "10.1.102.0/24")))
	instance.Want(t, "Monitoring", true)
	if got := instance.Tag("Name"); got != "shop-nat" {
		t.Errorf("the instance's Name tag is %q, want shop-nat", got)
	}
	launchData(t, template).Want(t, "InstanceType", "t4g.small")
}

func TestEveryPrivateRouteTableLeadsToTheInstance(t *testing.T) {
	template := synth(t, nil)
	instance := template.Only(t, "AWS::EC2::Instance")
	var tables []string
	for _, route := range template.OfType("AWS::EC2::Route") {
		if route.At("InstanceId") == nil {
			continue // the public subnets'
		}
		route.Want(t, "DestinationCidrBlock", "0.0.0.0/0")
		route.Want(t, "InstanceId", ref(instance))
		id, _ := route.At("RouteTableId.Ref").(string)
		tables = append(tables, template.Resources[id].Tag("Name"))
	}
	slices.Sort(tables)
	if want := []string{"shop-private-a", "shop-private-b"}; !slices.Equal(tables, want) {
		t.Errorf("the route tables with a route through the NAT are %v, want %v", tables, want)
	}
}

// CloudFormation makes the new before it deletes the old, and EC2 takes one
// default route in a table: a route that changed tables would fail the
// deployment.
func TestZoneThatGoesDoesNotMoveTheOtherRoutes(t *testing.T) {
	route := func(from int) string {
		template := synth(t, func(p *nat.Props) { p.RouteTables = p.RouteTables[from:] })
		for _, r := range template.OfType("AWS::EC2::Route") {
			if id, _ := r.At("RouteTableId.Ref").(string); r.At("InstanceId") != nil && template.Resources[id].Tag("Name") == "shop-private-b" {
				return r.LogicalID
			}
		}
		t.Fatal("zone b has no route through the NAT")
		return ""
	}
	if before, after := route(0), route(1); before != after {
		t.Errorf("the route of zone b was %s and becomes %s", before, after)
	}
}

func TestOnlyClientsComeInAndEverythingGoesOut(t *testing.T) {
	template := synth(t, func(p *nat.Props) { p.ClientCIDRs = []string{"10.1.2.0/24", "10.9.0.0/20"} })
	group := template.Only(t, "AWS::EC2::SecurityGroup")
	group.Want(t, "VpcId", ref(template.Only(t, "AWS::EC2::VPC")))
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
	template.Only(t, "AWS::EC2::Instance").Want(t, "SecurityGroupIds", []any{getAtt(group.LogicalID, "GroupId")})
}

func TestMetadataIsForTheMachineItselfOnly(t *testing.T) {
	launchData(t, synth(t, nil)).Want(t, "MetadataOptions", map[string]any{
		"HttpTokens":              "required",
		"HttpPutResponseHopLimit": 1.0,
	})
}

func TestDiskIsEncryptedAndOfTheGivenSize(t *testing.T) {
	launchData(t, synth(t, nil)).Want(t, "BlockDeviceMappings", []any{map[string]any{
		"DeviceName": "/dev/xvda",
		"Ebs":        map[string]any{"Encrypted": true, "VolumeSize": 11.0, "VolumeType": "gp3", "DeleteOnTermination": true},
	}})
}

func TestMachineIsReachedBySessionManagerAndNotBySSH(t *testing.T) {
	template := synth(t, nil)
	launch := launchData(t, template)
	launch.Want(t, "KeyName", nil)
	instance := template.Only(t, "AWS::EC2::Instance")
	instance.Want(t, "KeyName", nil)

	role := template.Only(t, "AWS::IAM::Role")
	role.Want(t, "RoleName", "shop-nat")
	role.Want(t, "Description", "NAT instance: Session Manager in place of SSH")
	role.Want(t, "AssumeRolePolicyDocument.Statement", []any{map[string]any{
		"Effect":    "Allow",
		"Action":    "sts:AssumeRole",
		"Principal": map[string]any{"Service": "ec2.amazonaws.com"},
	}})
	role.Want(t, "ManagedPolicyArns", []any{map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"}})
	role.Want(t, "Policies", nil)
	profile := template.Only(t, "AWS::IAM::InstanceProfile")
	profile.Want(t, "InstanceProfileName", "shop-nat")
	profile.Want(t, "Roles", []any{ref(role)})
	launch.Want(t, "IamInstanceProfile", map[string]any{"Arn": getAtt(profile.LogicalID, "Arn")})
}

func TestChangedLaunchTemplateMakesANewMachine(t *testing.T) {
	template := synth(t, nil)
	launch := template.Only(t, "AWS::EC2::LaunchTemplate")
	instance := template.Only(t, "AWS::EC2::Instance")
	instance.Want(t, "LaunchTemplate", map[string]any{
		"LaunchTemplateId": ref(launch),
		"Version":          getAtt(launch.LogicalID, "LatestVersionNumber"),
	})
	// What the instance itself says would win over the template.
	for _, property := range []string{"ImageId", "InstanceType", "UserData", "BlockDeviceMappings", "IamInstanceProfile"} {
		instance.Want(t, property, nil)
	}
}

func TestImageIsAParameterThatIsLookedUpAtLaunch(t *testing.T) {
	for architecture, image := range map[string]string{"arm64": "arm64", "amd64": "x86_64"} {
		template := synth(t, func(p *nat.Props) { p.Architecture = architecture })
		parameter := template.Only(t, "AWS::SSM::Parameter")
		parameter.Want(t, "Name", "/shop/test/nat-image")
		parameter.Want(t, "Type", "String")
		parameter.Want(t, "DataType", "aws:ec2:image")
		parameter.Want(t, "Value", "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"+image+"}}")
		parameter.Want(t, "Description", "Image of the next NAT instance")
		// The template holds the parameter's name and no image: Amazon's next one
		// replaces no running machine.
		launchData(t, template).Want(t, "ImageId", map[string]any{"Fn::Sub": []any{
			"resolve:ssm:${Parameter}", map[string]any{"Parameter": ref(parameter)},
		}})
	}
}

func TestAcceptedFindingsHaveReasons(t *testing.T) {
	template := synth(t, nil)
	for resourceType, want := range map[string]string{"AWS::EC2::Instance": "AwsSolutions-EC29", "AWS::IAM::Role": "AwsSolutions-IAM4"} {
		rules, _ := cdktest.At(template.Only(t, resourceType).Metadata, "cdk_nag.rules_to_suppress").([]any)
		if len(rules) != 1 || cdktest.At(rules[0], "id") != want || cdktest.At(rules[0], "reason") == "" {
			t.Errorf("%s: accepted is %s, want %s alone, with a reason", resourceType, cdktest.Show(rules), want)
		}
	}
}

func TestHandleLeadsToTheResources(t *testing.T) {
	template := synth(t, nil)
	address := template.Only(t, "AWS::EC2::EIP")
	for output, want := range map[string]any{
		"Address":   getAtt(address.LogicalID, "PublicIp"),
		"ElasticIP": ref(address),
		"Instance":  ref(template.Only(t, "AWS::EC2::Instance")),
	} {
		if got := template.Outputs[output].Value; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %s, want %s", output, cdktest.Show(got), cdktest.Show(want))
		}
	}
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, change := range map[string]func(*nat.Props){
		"nat: Props.ClientCIDRs and Props.RouteTables must not be empty, got 0 and 2": func(p *nat.Props) { p.ClientCIDRs = nil },
		"nat: Props.ClientCIDRs and Props.RouteTables must not be empty, got 2 and 0": func(p *nat.Props) { p.RouteTables = nil },
		`nat: Props.Architecture must be "arm64" or "amd64", got ""`:                  func(p *nat.Props) { p.Architecture = "" },
		`nat: Props.Architecture must be "arm64" or "amd64", got "x86_64"`:            func(p *nat.Props) { p.Architecture = "x86_64" },
		"nat: Props.VPC, Subnet and InternetAccess must be given, got false, true and true": func(p *nat.Props) {
			p.VPC = nil
		},
		"nat: Props.VPC, Subnet and InternetAccess must be given, got true, false and true": func(p *nat.Props) {
			p.Subnet = nil
		},
		"nat: Props.VPC, Subnet and InternetAccess must be given, got true, true and false": func(p *nat.Props) {
			p.InternetAccess = nil
		},
	} {
		message := cdktest.MustPanic(t, func() { synth(t, change) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}

func bootScript(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("boot.sh")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestUserDataIsTheBootScript(t *testing.T) {
	script := bootScript(t)
	launchData(t, synth(t, nil)).Want(t, "UserData", map[string]any{"Fn::Base64": script})
	if !strings.HasPrefix(script, "#!/bin/bash\n") { // cloud-init takes nothing else for a script
		t.Errorf("the script begins with %q", strings.SplitN(script, "\n", 2)[0])
	}
	if n := len(script); n > 16384 {
		t.Errorf("the script has %d bytes, and EC2 takes 16384", n)
	}
}

func TestBootScriptIsSoundShell(t *testing.T) {
	wantLines(t, "the script", bootScript(t), "set -euo pipefail")
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

// machine runs the boot script below a directory of its own, with stand-ins
// for everything that would change this machine. It returns the directory and
// what the stand-ins were called with.
func machine(t *testing.T, commands map[string]string) (root, calls string, err error) {
	t.Helper()
	root = t.TempDir()
	for _, dir := range []string{"bin", "etc/sysctl.d", "etc/systemd/system"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]string{
		"ip":        `echo "default via 10.1.102.1 dev ens5 proto dhcp src 10.1.102.7 metric 512"`,
		"nft":       ":",
		"sysctl":    ":",
		"systemctl": ":",
		"sleep":     ":",
		"install":   `for last; do :; done; mkdir -p "$last"`,
		"dnf":       "exit 1",
	}
	maps.Copy(all, commands)
	log := filepath.Join(root, "calls")
	for name, body := range all {
		if body == "" {
			continue // not installed
		}
		stub := "#!/bin/bash\nROOT='" + root + "'\necho \"" + name + " $*\" >>'" + log + "'\n" + body + "\n"
		if err := os.WriteFile(filepath.Join(root, "bin", name), []byte(stub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	// Only these of the real system, so that nft is missing where it should be.
	for _, name := range []string{"bash", "awk", "cat", "mkdir", "cp"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Skipf("%s is not installed", name)
		}
		if err := os.Symlink(path, filepath.Join(root, "bin", name)); err != nil {
			t.Fatal(err)
		}
	}
	script := filepath.Join(root, "boot.sh")
	text := strings.ReplaceAll(bootScript(t), "/etc/", root+"/etc/")
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", script)
	cmd.Env = []string{"PATH=" + filepath.Join(root, "bin")}
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	recorded, readErr := os.ReadFile(log)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return root, strings.ReplaceAll(string(recorded), root, ""), err
}

func read(t *testing.T, parts ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func wantLines(t *testing.T, what, text string, want ...string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	for _, line := range want {
		if !slices.Contains(lines, line) {
			t.Errorf("%s lacks the line %q:\n%s", what, line, text)
		}
	}
}

func TestBootScriptForwardsAndMasqueradesOnTheUplink(t *testing.T) {
	// The kernel lists the route that it prefers first.
	root, calls, err := machine(t, map[string]string{"ip": `printf 'default via 10.1.102.1 dev ens5 metric 512\ndefault via 10.1.102.1 dev ens6 metric 513\n'`})
	if err != nil {
		t.Fatal(err)
	}
	wantLines(t, "the kernel's settings", read(t, root, "etc/sysctl.d/90-nat.conf"),
		"net.ipv4.ip_forward = 1", "net.ipv4.conf.all.send_redirects = 0", "net.ipv4.conf.default.send_redirects = 0")
	rules := read(t, root, "etc/nat/nat.nft")
	wantLines(t, "the rules", rules,
		"type nat hook postrouting priority srcnat; policy accept;", `oifname "ens5" masquerade`)
	// Loading them again, at every boot, must not double them.
	if flush := strings.Index(rules, "flush table ip nat\n"); flush < 0 || flush > strings.Index(rules, "table ip nat {") {
		t.Errorf("the rules are not flushed before they are made:\n%s", rules)
	}
	wantLines(t, "the calls", calls,
		"ip -4 route show default",
		"sysctl --quiet --load=/etc/sysctl.d/90-nat.conf",
		"systemctl daemon-reload",
		"systemctl enable --now nat.service")
	if strings.Contains(calls, "dnf") {
		t.Errorf("nftables is there and is installed again:\n%s", calls)
	}
}

func TestBootScriptBringsTheRulesBackAfterAReboot(t *testing.T) {
	root, _, err := machine(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	unit := strings.ReplaceAll(read(t, root, "etc/systemd/system/nat.service"), root, "")
	wantLines(t, "the unit", unit,
		"Type=oneshot", "RemainAfterExit=yes", "ExecStart=/bin/nft --file /etc/nat/nat.nft", "WantedBy=multi-user.target",
		"After=network-online.target", "Wants=network-online.target")
}

// The machine starts before its address is associated: the first attempts find
// no network.
func TestBootScriptWaitsForTheNetwork(t *testing.T) {
	root, calls, err := machine(t, map[string]string{
		"nft": "",
		"dnf": `echo >>"$ROOT/attempts"; mapfile -t n <"$ROOT/attempts"; [[ ${#n[@]} -eq 3 ]] && cp "$ROOT/bin/sleep" "$ROOT/bin/nft"`,
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(calls, "dnf install --assumeyes --quiet nftables\n"); n != 3 {
		t.Errorf("nftables was tried %d times, want 3:\n%s", n, calls)
	}
	if n := strings.Count(calls, "sleep 5\n"); n != 2 {
		t.Errorf("the script waited %d times, want 2:\n%s", n, calls)
	}
	wantLines(t, "the rules", read(t, root, "etc/nat/nat.nft"), `oifname "ens5" masquerade`)
}

func TestBootScriptFailsLoudly(t *testing.T) {
	for name, c := range map[string]struct {
		commands map[string]string
		counted  string
		want     int
	}{
		"no nftables in five minutes": {map[string]string{"nft": ""}, "dnf install", 60},
		"no default route":            {map[string]string{"ip": ":"}, "ip -4", 1},
		"no forwarding":               {map[string]string{"sysctl": "exit 1"}, "sysctl ", 1},
	} {
		_, calls, err := machine(t, c.commands)
		if err == nil {
			t.Errorf("%s: the script succeeds", name)
		}
		if n := strings.Count(calls, c.counted); n != c.want {
			t.Errorf("%s: %q was called %d times, want %d", name, c.counted, n, c.want)
		}
		if strings.Contains(calls, "systemctl") {
			t.Errorf("%s: the service was started:\n%s", name, calls)
		}
	}
}
