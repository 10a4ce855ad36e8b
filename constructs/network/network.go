// Package network makes the VPC of an environment.
//
//   - VPC with DNS, internet gateway, public and private subnets with the exact
//     ranges and the tags by which AWS' controllers find them (vpc.go)
//   - one public route table, and one private route table in each zone, which
//     some NAT must give a default route (vpc.go)
//   - gateway endpoint for S3, interface endpoints on demand (endpoints.go)
//   - flow logs to CloudWatch (flowlogs.go)
//
// L1 resources throughout: awsec2.Vpc allots ranges by itself, and here they
// are given.
package network

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
)

// Props configure a network.
type Props struct {
	// Name is the Name tag of the VPC and the beginning of all others.
	Name string
	// CIDR is the VPC's IPv4 range.
	CIDR string
	// Zones are the availability zones; at least one.
	Zones []Zone
	// SubnetTags are put on every subnet, for controllers that look for them.
	// Without them the load balancer controller finds subnets by role only.
	SubnetTags map[string]string
	// FlowLogs sends flow logs to CloudWatch; nil makes none.
	FlowLogs *FlowLogs
	// InterfaceEndpoints are short names of AWS services ("ecr.api") that get a
	// PrivateLink endpoint in every private subnet. None by default.
	InterfaceEndpoints []string
}

// Zone is one availability zone.
type Zone struct {
	// Letter is the zone's letter behind the region's name, "a".
	Letter string
	// PublicCIDR and PrivateCIDR are the ranges of its two subnets.
	PublicCIDR, PrivateCIDR string
}

// FlowLogs say where flow logs go.
type FlowLogs struct {
	// LogGroup is the CloudWatch group's name.
	LogGroup string
	// RetentionDays is how long they are kept.
	RetentionDays int
	// Role is the name of the role that the flow-log service assumes.
	Role string
}

// Network is the handle of a VPC.
type Network struct {
	constructs.Construct
	vpc           ec2.CfnVPC
	public        []ec2.CfnSubnet
	private       []ec2.CfnSubnet
	privateRoutes []ec2.CfnRouteTable
	attachment    ec2.CfnVPCGatewayAttachment
}

// VPC is the VPC itself.
func (n *Network) VPC() ec2.CfnVPC { return n.vpc }

// PublicSubnets are the subnets with a route to the internet gateway, in the
// order of the zones.
func (n *Network) PublicSubnets() []ec2.CfnSubnet { return n.public }

// PrivateSubnets are the subnets of nodes and pods, in the order of the zones.
func (n *Network) PrivateSubnets() []ec2.CfnSubnet { return n.private }

// PrivateSubnetIDs are the ids of PrivateSubnets.
func (n *Network) PrivateSubnetIDs() []*string {
	ids := make([]*string, len(n.private))
	for i, s := range n.private {
		ids[i] = s.Ref()
	}
	return ids
}

// PrivateRouteTables are the route tables of the private subnets, one a zone.
// They have no default route until a NAT adds one.
func (n *Network) PrivateRouteTables() []ec2.CfnRouteTable { return n.privateRoutes }

// InternetAccess is what a resource with a public address must wait for.
func (n *Network) InternetAccess() constructs.IDependable { return n.attachment }

// New makes a network.
func New(scope constructs.Construct, id string, props Props) *Network {
	if len(props.Zones) == 0 {
		panic("network: Props.Zones must hold at least one zone, got none")
	}
	if props.CIDR == "" {
		panic(fmt.Sprintf("network: Props.CIDR must be an IPv4 range, got %q", props.CIDR))
	}
	n := &Network{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	n.addVPC(props)
	n.addEndpoints(props)
	if props.FlowLogs != nil {
		n.addFlowLogs(props)
	}
	return n
}
