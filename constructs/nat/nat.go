// Package nat makes the way out of the private subnets: a NAT with an address
// that never changes, in one of three modes.
//
//   - Elastic IP, a resource of its own that is retained and outlives the mode
//   - default route in each private route table, which follows the mode in place
//   - Instance: one machine that an Auto Scaling group replaces by itself; a
//     network interface that outlives it owns the routes, and boot.sh moves
//     interface and address (instance.go, boot.sh)
//   - Gateway, GatewayPerZone: AWS' managed NAT gateways (gateway.go)
//   - alarms for what the mode can suffer from (alarms.go)
//
// A VPC, its public subnets and its private route tables are enough, see the
// example of New; everything else has a default. What the machine does, and in
// which order, stands at the beginning of boot.sh.
package nat

import (
	"fmt"
	"regexp"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	autoscaling "github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	cloudwatch "github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	sns "github.com/aws/aws-cdk-go/awscdk/v2/awssns"
)

// Mode is what forwards the packets.
type Mode string

// The modes. One address serves them all, but not two at a time: whoever changes
// the mode of a NAT that runs takes the address off it first.
const (
	// Instance is one machine in the first subnet, also what the zero value
	// means. A lost one is replaced within minutes.
	Instance Mode = "Instance"
	// Gateway is one managed gateway in the first subnet.
	Gateway Mode = "Gateway"
	// GatewayPerZone is a managed gateway in every subnet, each with an address
	// of its own, so that a lost zone is lost alone.
	GatewayPerZone Mode = "GatewayPerZone"
)

// Props configure a NAT.
type Props struct {
	// Name is the Name tag of everything that has one, the name of the Auto
	// Scaling group and of the machine's role, and the beginning of the names of
	// the alarms.
	Name string
	// VPC is where the security group belongs; only Instance needs it.
	VPC ec2.CfnVPC
	// Subnets are the public ones in the order of the zones. The machine and the
	// first gateway stand in the first.
	Subnets []ec2.CfnSubnet
	// InternetAccess is what the address must wait for, see
	// network.InternetAccess.
	InternetAccess constructs.IDependable
	// RouteTables get a default route through the NAT. GatewayPerZone wants them
	// in the order of Subnets, one each.
	RouteTables []ec2.CfnRouteTable
	// ClientCIDRs may use the machine, in any protocol; only Instance needs them,
	// for a gateway serves whoever has a route to it.
	ClientCIDRs []string
	// Mode is what forwards the packets; Instance by default.
	Mode Mode
	// Machine is the machine of Instance. Gateways do not read it.
	Machine Machine
	// Tags are put on what the group launches (machine, volume, interface), which
	// does not inherit the stack's tags. None but Name by default.
	Tags map[string]string
	// AlarmTopic hears of every alarm, of its end, and of machines that come and
	// go. Without it the alarms are there to be looked at.
	AlarmTopic sns.CfnTopic
}

// Machine is what a NAT instance is made of.
type Machine struct {
	// InstanceType is an EC2 type of the architecture below; t4g.micro by
	// default. T2 is refused: it has no counters of refused packets.
	InstanceType string
	// Architecture is "arm64", the default, or "amd64".
	Architecture string
	// VolumeGiB is the size of the root volume; by default the 8 that Amazon
	// Linux needs.
	VolumeGiB int
	// Image is an image's id ("ami-…") or the name of an SSM parameter that holds
	// one, with ":version" behind it where it must not move. By default it is
	// Amazon's public parameter of the newest Amazon Linux 2023. CloudFormation
	// reads it when it makes the NAT, and again when this text changes.
	Image string
	// ImageParameter is the name of the SSM parameter that is made to hold the
	// image of the next machine; without it CloudFormation makes one up.
	ImageParameter string
	// ProbeTargets are what the machine connects to ("host:port") to see that it
	// forwards; it does as long as one answers. By default two of AWS' own.
	ProbeTargets []string
	// MetricNamespace is the CloudWatch namespace of the machine's measurements;
	// "NAT" by default.
	MetricNamespace string
}

// NAT is the handle of a NAT.
type NAT struct {
	constructs.Construct
	addresses []ec2.CfnEIP
	inside    ec2.CfnNetworkInterface
	group     autoscaling.CfnAutoScalingGroup
	gateways  []ec2.CfnNatGateway
	alarms    []cloudwatch.CfnAlarm
	routes    []ec2.CfnRoute
}

// Address is the public IPv4 address that the internet sees, the first one of
// GatewayPerZone.
func (n *NAT) Address() *string { return n.addresses[0].AttrPublicIp() }

// Addresses are all public IPv4 addresses, in the order of the subnets.
func (n *NAT) Addresses() []*string {
	addresses := make([]*string, len(n.addresses))
	for i, a := range n.addresses {
		addresses[i] = a.AttrPublicIp()
	}
	return addresses
}

// ElasticIP is the address, see Address, as a resource.
func (n *NAT) ElasticIP() ec2.CfnEIP { return n.addresses[0] }

// Interface owns the private subnets' default routes and moves from machine to
// machine; nil without a machine.
func (n *NAT) Interface() ec2.CfnNetworkInterface { return n.inside }

// Group keeps one machine running; nil without a machine.
func (n *NAT) Group() autoscaling.CfnAutoScalingGroup { return n.group }

// Gateways are the managed gateways in the order of the subnets; none in mode
// Instance.
func (n *NAT) Gateways() []ec2.CfnNatGateway { return n.gateways }

// Alarms are the alarms of the mode.
func (n *NAT) Alarms() []cloudwatch.CfnAlarm { return n.alarms }

// RoutesAfter makes the default routes wait for something that has to know the
// addresses first, such as an allow-list: before that nobody leaves by them.
func (n *NAT) RoutesAfter(other constructs.IDependable) {
	for _, route := range n.routes {
		route.Node().AddDependency(other)
	}
}

// New makes a NAT.
func New(scope constructs.Construct, id string, props Props) *NAT {
	if props.Mode == "" {
		props.Mode = Instance
	}
	props.Machine = props.Machine.withDefaults()
	props.check()
	n := &NAT{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	n.addAddress(n.Construct, "Address", props.Name, props)
	if props.Mode == Instance {
		n.addInstance(props)
		n.addInstanceAlarms(props)
	} else {
		n.addGateways(props)
		n.addGatewayAlarms(props)
	}
	n.addRoutes(props)
	return n
}

// probeTarget is a name or an address, and a port.
var probeTarget = regexp.MustCompile(`^[A-Za-z0-9.-]+:[0-9]+$`)

// check panics with the first of the props that cannot be.
func (p Props) check() {
	must := func(ok bool, prop, rule string, got any) {
		if !ok {
			panic(fmt.Sprintf("nat: Props.%s must be %s, got %v", prop, rule, got))
		}
	}
	must(p.Name != "", "Name", "given", "none")
	must(p.Mode == Instance || p.Mode == Gateway || p.Mode == GatewayPerZone, "Mode", `"Instance", "Gateway" or "GatewayPerZone"`, fmt.Sprintf("%q", p.Mode))
	must(len(p.Subnets) > 0, "Subnets", "one subnet or more", "none")
	must(len(p.RouteTables) > 0, "RouteTables", "one table or more", "none")
	must(p.InternetAccess != nil, "InternetAccess", "given", "none")
	must(p.Mode != GatewayPerZone || len(p.RouteTables) == len(p.Subnets), "RouteTables", fmt.Sprintf("as many as the %d subnets", len(p.Subnets)), len(p.RouteTables))
	if p.Mode != Instance {
		return
	}
	must(p.VPC != nil, "VPC", "given", "none")
	must(len(p.ClientCIDRs) > 0, "ClientCIDRs", "one range or more", "none")
	m := p.Machine
	must(imageArchitectures[m.Architecture] != "", "Machine.Architecture", `"arm64" or "amd64"`, fmt.Sprintf("%q", m.Architecture))
	family, size := m.family()
	must(family != "" && size != "", "Machine.InstanceType", "a family and a size", fmt.Sprintf("%q", m.InstanceType))
	must(family != "t2", "Machine.InstanceType", "a type with an ENA interface, which T2 lacks", fmt.Sprintf("%q", m.InstanceType))
	must(!m.burstable() || creditsPerHour[size] > 0, "Machine.InstanceType", "a size that its family has", fmt.Sprintf("%q", m.InstanceType))
	must(m.VolumeGiB >= defaultVolumeGiB, "Machine.VolumeGiB", fmt.Sprintf("%d or more", defaultVolumeGiB), m.VolumeGiB)
	for _, target := range m.ProbeTargets {
		must(probeTarget.MatchString(target), "Machine.ProbeTargets", `"host:port" each`, fmt.Sprintf("%q", target))
	}
}

// addAddress makes an Elastic IP. It is on allow-lists outside of AWS (MongoDB
// Atlas), so it is never part of what uses it and survives even its stack.
func (n *NAT) addAddress(scope constructs.Construct, id, name string, props Props) ec2.CfnEIP {
	address := ec2.NewCfnEIP(scope, jsii.String(id), &ec2.CfnEIPProps{
		Domain: jsii.String("vpc"),
		Tags:   nameTag(name),
	})
	address.Node().AddDependency(props.InternetAccess)
	address.ApplyRemovalPolicy(cdk.RemovalPolicy_RETAIN, nil)
	n.addresses = append(n.addresses, address)
	return address
}

// addRoutes makes the default routes. Each is named after its table and not its
// place in the list or its mode: taking a zone out leaves the others alone, and
// another mode changes a route and makes no second one, which EC2 refuses.
func (n *NAT) addRoutes(props Props) {
	routes := constructs.NewConstruct(n.Construct, jsii.String("DefaultRoutes"))
	for i, table := range props.RouteTables {
		route := &ec2.CfnRouteProps{
			RouteTableId:         table.Ref(),
			DestinationCidrBlock: jsii.String("0.0.0.0/0"),
		}
		if n.inside != nil {
			route.NetworkInterfaceId = n.inside.Ref()
		} else {
			route.NatGatewayId = n.gateways[i%len(n.gateways)].AttrNatGatewayId() // one for all, or one each
		}
		made := ec2.NewCfnRoute(routes, table.Node().Id(), route)
		if n.group != nil {
			// A route that leads elsewhere stays there until the machine has said
			// that it forwards.
			made.AddResourceDependency(n.group, nil)
		}
		n.routes = append(n.routes, made)
	}
}

func nameTag(name string) *[]*cdk.CfnTag {
	return &[]*cdk.CfnTag{{Key: jsii.String("Name"), Value: jsii.String(name)}}
}
