package nat_test

import (
	"flag"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	sns "github.com/aws/aws-cdk-go/awscdk/v2/awssns"

	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/constructs/network"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) {
	// The packet tests wait more than they compute.
	if err := flag.Set("test.parallel", "4"); err != nil {
		panic(err)
	}
	cdktest.Main(m)
}

// synth makes a NAT in a network of two zones. Its handle's values are outputs.
func synth(t testing.TB, change func(*nat.Props)) cdktest.Template {
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
			Subnets:        vpc.PublicSubnets(),
			InternetAccess: vpc.InternetAccess(),
			RouteTables:    vpc.PrivateRouteTables(),
			ClientCIDRs:    []string{"10.1.1.0/24", "10.1.2.0/24"},
			AlarmTopic:     sns.NewCfnTopic(stack, jsii.String("Topic"), nil),
		}
		if change != nil {
			change(&props)
		}
		n := nat.New(stack, "Nat", props)
		output := func(id string, value *string) {
			cdk.NewCfnOutput(stack, jsii.String(id), &cdk.CfnOutputProps{Value: value})
		}
		output("Address", n.Address())
		output("ElasticIP", n.ElasticIP().Ref())
		for i, address := range n.Addresses() {
			output("Addresses"+letter(i), address)
		}
		for i, gateway := range n.Gateways() {
			output("Gateways"+letter(i), gateway.AttrNatGatewayId())
		}
		for i, alarm := range n.Alarms() {
			output("Alarms"+letter(i), alarm.Ref())
		}
		if n.Interface() != nil {
			output("Interface", n.Interface().Ref())
		}
		if n.Group() != nil {
			output("Group", n.Group().Ref())
		}
	})
}

func letter(i int) string { return string(rune('a' + i)) }

// in sets the mode.
func in(mode nat.Mode) func(*nat.Props) {
	return func(p *nat.Props) { p.Mode = mode }
}

// modes are all of them, the zero value first.
var modes = []nat.Mode{"", nat.Instance, nat.Gateway, nat.GatewayPerZone}

func getAtt(id, attribute string) any {
	return map[string]any{"Fn::GetAtt": []any{id, attribute}}
}

func ref(r cdktest.Resource) any { return map[string]any{"Ref": r.LogicalID} }

// mainAddress is the Elastic IP that every mode has.
func mainAddress(t testing.TB, template cdktest.Template) cdktest.Resource {
	t.Helper()
	for _, address := range template.OfType("AWS::EC2::EIP") {
		if address.Tag("Name") == "shop-nat" {
			return address
		}
	}
	t.Fatal("there is no address with the Name shop-nat")
	return cdktest.Resource{}
}

// defaultRoutes are the routes of the private route tables, by the tables' names.
func defaultRoutes(template cdktest.Template) map[string]cdktest.Resource {
	routes := map[string]cdktest.Resource{}
	for _, route := range template.OfType("AWS::EC2::Route") {
		id, _ := route.At("RouteTableId.Ref").(string)
		if table := template.Resources[id].Tag("Name"); strings.HasPrefix(table, "shop-private-") {
			routes[table] = route
		}
	}
	return routes
}

func TestAddressesAreStaticAndOutliveTheStack(t *testing.T) {
	for _, mode := range modes {
		template := synth(t, in(mode))
		addresses, want := template.OfType("AWS::EC2::EIP"), 1
		if mode == nat.GatewayPerZone {
			want = 2
		}
		if len(addresses) != want {
			t.Errorf("%q: there are %d addresses, want %d", mode, len(addresses), want)
		}
		gateway := template.Only(t, "AWS::EC2::VPCGatewayAttachment").LogicalID
		for _, address := range addresses {
			address.Want(t, "Domain", "vpc")
			if address.DeletionPolicy != "Retain" || address.UpdateReplacePolicy != "Retain" {
				t.Errorf("%q: the policies are %q on deletion and %q on replacement, want Retain", mode, address.DeletionPolicy, address.UpdateReplacePolicy)
			}
			// A resource of its own: an address that names its instance changes with
			// it, and an association would fight with the machine, which makes it.
			address.Want(t, "InstanceId", nil)
			// EC2 refuses an address in a VPC that has no internet gateway yet.
			if !slices.Contains(address.Depends(), gateway) {
				t.Errorf("%q: the address depends on %v, want the gateway's attachment %s", mode, address.Depends(), gateway)
			}
		}
		if n := len(template.OfType("AWS::EC2::EIPAssociation")); n != 0 {
			t.Errorf("%q: there are %d associations", mode, n)
		}
	}
}

// A switch of mode is an update of the same address and the same routes. EC2
// takes one default route in a table, so a new route would fail the deployment.
func TestSwitchOfModeKeepsAddressAndRoutes(t *testing.T) {
	ids := func(template cdktest.Template) map[string]string {
		ids := map[string]string{"address": mainAddress(t, template).LogicalID}
		for table, route := range defaultRoutes(template) {
			ids[table] = route.LogicalID
		}
		return ids
	}
	want := ids(synth(t, nil))
	if len(want) != 3 {
		t.Errorf("there are %v, want an address and two routes", want)
	}
	for _, mode := range modes {
		if got := ids(synth(t, in(mode))); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: the logical ids are %v, want %v", mode, got, want)
		}
	}
}

func TestEveryPrivateRouteTableLeadsToTheNAT(t *testing.T) {
	for mode, want := range map[nat.Mode]struct {
		property string
		targets  func(cdktest.Template) [2]any
	}{
		nat.Instance: {"NetworkInterfaceId", func(template cdktest.Template) [2]any {
			inside := ref(template.Only(t, "AWS::EC2::NetworkInterface"))
			return [2]any{inside, inside}
		}},
		nat.Gateway: {"NatGatewayId", func(template cdktest.Template) [2]any {
			gateway := getAtt(template.Only(t, "AWS::EC2::NatGateway").LogicalID, "NatGatewayId")
			return [2]any{gateway, gateway}
		}},
		nat.GatewayPerZone: {"NatGatewayId", func(template cdktest.Template) [2]any {
			return [2]any{
				getAtt(gatewayIn(t, template, "10.1.101.0/24").LogicalID, "NatGatewayId"),
				getAtt(gatewayIn(t, template, "10.1.102.0/24").LogicalID, "NatGatewayId"),
			}
		}},
	} {
		template := synth(t, in(mode))
		routes := defaultRoutes(template)
		if len(routes) != 2 {
			t.Errorf("%s: %d private route tables have a default route, want 2", mode, len(routes))
		}
		for i, table := range []string{"shop-private-a", "shop-private-b"} {
			routes[table].Want(t, "DestinationCidrBlock", "0.0.0.0/0")
			for _, property := range []string{"NetworkInterfaceId", "NatGatewayId", "InstanceId", "GatewayId"} {
				if property == want.property {
					routes[table].Want(t, property, want.targets(template)[i])
				} else {
					routes[table].Want(t, property, nil)
				}
			}
		}
	}
}

// CloudFormation makes the new before it deletes the old: a route that changed
// tables would fail the deployment.
func TestZoneThatGoesDoesNotMoveTheOtherRoutes(t *testing.T) {
	for _, mode := range modes {
		route := func(from int) string {
			template := synth(t, func(p *nat.Props) {
				p.Mode, p.Subnets, p.RouteTables = mode, p.Subnets[from:], p.RouteTables[from:]
			})
			return defaultRoutes(template)["shop-private-b"].LogicalID
		}
		if before, after := route(0), route(1); before == "" || before != after {
			t.Errorf("%q: the route of zone b was %q and becomes %q", mode, before, after)
		}
	}
}

func TestHandleLeadsToTheResources(t *testing.T) {
	for _, mode := range []nat.Mode{nat.Instance, nat.Gateway, nat.GatewayPerZone} {
		template := synth(t, in(mode))
		address := mainAddress(t, template)
		want := map[string]any{
			"Address":    getAtt(address.LogicalID, "PublicIp"),
			"Addressesa": getAtt(address.LogicalID, "PublicIp"),
			"ElasticIP":  ref(address),
		}
		switch mode {
		case nat.Instance:
			want["Interface"] = ref(template.Only(t, "AWS::EC2::NetworkInterface"))
			want["Group"] = ref(template.Only(t, "AWS::AutoScaling::AutoScalingGroup"))
		case nat.Gateway:
			want["Gatewaysa"] = getAtt(template.Only(t, "AWS::EC2::NatGateway").LogicalID, "NatGatewayId")
		case nat.GatewayPerZone:
			for i, cidr := range []string{"10.1.101.0/24", "10.1.102.0/24"} {
				gateway := gatewayIn(t, template, cidr)
				id, _ := gateway.At("AllocationId.Fn::GetAtt.0").(string)
				want["Gateways"+letter(i)] = getAtt(gateway.LogicalID, "NatGatewayId")
				want["Addresses"+letter(i)] = getAtt(id, "PublicIp")
			}
		}
		for output, value := range want {
			if got := template.Outputs[output].Value; !reflect.DeepEqual(got, value) {
				t.Errorf("%s: %s is %s, want %s", mode, output, cdktest.Show(got), cdktest.Show(value))
			}
		}
		alarms := template.OfType("AWS::CloudWatch::Alarm")
		for _, alarm := range alarms {
			if !slices.ContainsFunc(slices.Collect(maps.Values(template.Outputs)), func(o cdktest.Output) bool { return reflect.DeepEqual(o.Value, ref(alarm)) }) {
				t.Errorf("%s: the handle does not have the alarm %v", mode, alarm.At("AlarmName"))
			}
		}
		if got := len(template.Outputs); got != len(want)+len(alarms) {
			t.Errorf("%s: the handle has %d values, want %d and %d alarms", mode, got, len(want), len(alarms))
		}
	}
}

// A gateway needs no machine, and nothing of one is made for it.
func TestUnusedPropsMayBeMissing(t *testing.T) {
	for _, mode := range []nat.Mode{nat.Gateway, nat.GatewayPerZone} {
		template := synth(t, func(p *nat.Props) {
			p.Mode, p.VPC, p.ClientCIDRs, p.AlarmTopic = mode, nil, nil, nil
			p.Machine = nat.Machine{Architecture: "x86_64", InstanceType: "t2.huge", VolumeGiB: -1, ProbeTargets: []string{"x"}}
		})
		for _, resourceType := range []string{
			"AWS::EC2::NetworkInterface", "AWS::EC2::LaunchTemplate", "AWS::EC2::SecurityGroup", "AWS::AutoScaling::AutoScalingGroup",
			"AWS::IAM::Role", "AWS::IAM::InstanceProfile", "AWS::SSM::Parameter",
		} {
			if n := len(template.OfType(resourceType)); n != 0 {
				t.Errorf("%s has %d resources of type %s", mode, n, resourceType)
			}
		}
	}
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, change := range map[string]func(*nat.Props){
		"nat: Props.Name must be given, got none":                                                              func(p *nat.Props) { p.Name = "" },
		`nat: Props.Mode must be "Instance", "Gateway" or "GatewayPerZone", got "gateway"`:                     in("gateway"),
		"nat: Props.Subnets must be one subnet or more, got none":                                              func(p *nat.Props) { p.Subnets = nil },
		"nat: Props.RouteTables must be one table or more, got none":                                           func(p *nat.Props) { p.RouteTables = nil },
		"nat: Props.InternetAccess must be given, got none":                                                    func(p *nat.Props) { p.InternetAccess = nil },
		"nat: Props.RouteTables must be as many as the 2 subnets, got 1":                                       func(p *nat.Props) { p.Mode, p.RouteTables = nat.GatewayPerZone, p.RouteTables[1:] },
		"nat: Props.RouteTables must be as many as the 1 subnets, got 2":                                       func(p *nat.Props) { p.Mode, p.Subnets = nat.GatewayPerZone, p.Subnets[1:] },
		"nat: Props.VPC must be given, got none":                                                               func(p *nat.Props) { p.VPC = nil },
		"nat: Props.ClientCIDRs must be one range or more, got none":                                           func(p *nat.Props) { p.ClientCIDRs = nil },
		`nat: Props.Machine.Architecture must be "arm64" or "amd64", got "x86_64"`:                             func(p *nat.Props) { p.Machine.Architecture = "x86_64" },
		`nat: Props.Machine.InstanceType must be a family and a size, got "t4g"`:                               func(p *nat.Props) { p.Machine.InstanceType = "t4g" },
		`nat: Props.Machine.InstanceType must be a type with an ENA interface, which T2 lacks, got "t2.micro"`: func(p *nat.Props) { p.Machine.InstanceType = "t2.micro" },
		`nat: Props.Machine.InstanceType must be a size that its family has, got "t4g.4xlarge"`:                func(p *nat.Props) { p.Machine.InstanceType = "t4g.4xlarge" },
		"nat: Props.Machine.VolumeGiB must be 8 or more, got 7":                                                func(p *nat.Props) { p.Machine.VolumeGiB = 7 },
		`nat: Props.Machine.ProbeTargets must be "host:port" each, got "a b:1"`:                                func(p *nat.Props) { p.Machine.ProbeTargets = []string{"example.com:443", "a b:1"} },
		`nat: Props.Machine.ProbeTargets must be "host:port" each, got "example.com"`:                          func(p *nat.Props) { p.Machine.ProbeTargets = []string{"example.com"} },
	} {
		message := cdktest.MustPanic(t, func() { synth(t, change) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
	// Fewer tables than subnets are fine where all lead to the same place.
	synth(t, func(p *nat.Props) { p.RouteTables = p.RouteTables[1:] })
	synth(t, func(p *nat.Props) { p.Mode, p.Subnets = nat.Gateway, []ec2.CfnSubnet{p.Subnets[1]} })
}
