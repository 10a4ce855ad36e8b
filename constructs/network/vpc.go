package network

import (
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"

	"github.com/fintrack/platform/internal/ptr"
)

// Tags by which the load balancer controller tells subnets for internet-facing
// load balancers from those for internal ones.
const (
	tagPublic  = "kubernetes.io/role/elb"
	tagPrivate = "kubernetes.io/role/internal-elb"
)

func (n *Network) addVPC(props Props) {
	n.vpc = ec2.NewCfnVPC(n.Construct, jsii.String("Vpc"), &ec2.CfnVPCProps{
		CidrBlock:          jsii.String(props.CIDR),
		EnableDnsHostnames: true,
		EnableDnsSupport:   true,
		Tags:               tags(props.Name, nil),
	})
	gateway := ec2.NewCfnInternetGateway(n.Construct, jsii.String("InternetGateway"), &ec2.CfnInternetGatewayProps{
		Tags: tags(props.Name, nil),
	})
	n.attachment = ec2.NewCfnVPCGatewayAttachment(n.Construct, jsii.String("InternetGatewayAttachment"), &ec2.CfnVPCGatewayAttachmentProps{
		VpcId:             n.vpc.Ref(),
		InternetGatewayId: gateway.Ref(),
	})
	public := ec2.NewCfnRouteTable(n.Construct, jsii.String("PublicRouteTable"), &ec2.CfnRouteTableProps{
		VpcId: n.vpc.Ref(),
		Tags:  tags(props.Name+"-public", nil),
	})
	ec2.NewCfnRoute(n.Construct, jsii.String("PublicDefaultRoute"), &ec2.CfnRouteProps{
		RouteTableId:         public.Ref(),
		DestinationCidrBlock: jsii.String("0.0.0.0/0"),
		GatewayId:            gateway.Ref(),
	}).AddResourceDependency(n.attachment, nil)

	for _, zone := range props.Zones {
		suffix := cdk.Fn_Sub(jsii.String("${AWS::Region}"+zone.Letter), nil)
		publicName, privateName := props.Name+"-public-"+zone.Letter, props.Name+"-private-"+zone.Letter

		subnet := n.addSubnet("PublicSubnet"+zone.Letter, suffix, zone.PublicCIDR, tags(publicName, props.SubnetTags, tagPublic, "1"))
		n.associate("PublicSubnetRoutes"+zone.Letter, subnet, public)
		n.public = append(n.public, subnet)

		subnet = n.addSubnet("PrivateSubnet"+zone.Letter, suffix, zone.PrivateCIDR, tags(privateName, props.SubnetTags, tagPrivate, "1"))
		routes := ec2.NewCfnRouteTable(n.Construct, jsii.String("PrivateRouteTable"+zone.Letter), &ec2.CfnRouteTableProps{
			VpcId: n.vpc.Ref(),
			Tags:  tags(privateName, nil),
		})
		n.associate("PrivateSubnetRoutes"+zone.Letter, subnet, routes)
		n.private = append(n.private, subnet)
		n.privateRoutes = append(n.privateRoutes, routes)
	}
}

// addSubnet makes a subnet. None gives addresses to whatever starts in it: a
// public subnet is for load balancers and the NAT, which bring their own.
func (n *Network) addSubnet(id string, zone *string, cidr string, tags *[]*cdk.CfnTag) ec2.CfnSubnet {
	return ec2.NewCfnSubnet(n.Construct, jsii.String(id), &ec2.CfnSubnetProps{
		VpcId:               n.vpc.Ref(),
		CidrBlock:           jsii.String(cidr),
		AvailabilityZone:    zone,
		MapPublicIpOnLaunch: false,
		Tags:                tags,
	})
}

func (n *Network) associate(id string, subnet ec2.CfnSubnet, routes ec2.CfnRouteTable) {
	ec2.NewCfnSubnetRouteTableAssociation(n.Construct, jsii.String(id), &ec2.CfnSubnetRouteTableAssociationProps{
		SubnetId:     subnet.Ref(),
		RouteTableId: routes.Ref(),
	})
}

// tags makes a tag list of a Name, shared tags and further keys and values.
func tags(name string, shared map[string]string, more ...string) *[]*cdk.CfnTag {
	list := []*cdk.CfnTag{{Key: jsii.String("Name"), Value: jsii.String(name)}}
	for _, key := range ptr.SortedKeys(shared) {
		list = append(list, &cdk.CfnTag{Key: jsii.String(key), Value: jsii.String(shared[key])})
	}
	for i := 0; i+1 < len(more); i += 2 {
		list = append(list, &cdk.CfnTag{Key: jsii.String(more[i]), Value: jsii.String(more[i+1])})
	}
	return &list
}
