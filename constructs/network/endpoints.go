package network

import (
	"strings"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
)

// addEndpoints keeps traffic to AWS services off the NAT: always S3, which is
// free and carries every image layer, and the interface endpoints asked for.
func (n *Network) addEndpoints(props Props) {
	routes := make([]any, len(n.privateRoutes))
	for i, table := range n.privateRoutes {
		routes[i] = table.Ref()
	}
	ec2.NewCfnVPCEndpoint(n.Construct, jsii.String("S3Endpoint"), &ec2.CfnVPCEndpointProps{
		VpcId:           n.vpc.Ref(),
		ServiceName:     serviceName("s3"),
		VpcEndpointType: jsii.String("Gateway"),
		RouteTableIds:   &routes,
		Tags:            tags(props.Name+"-s3", nil),
	})
	if len(props.InterfaceEndpoints) == 0 {
		return
	}
	group := ec2.NewCfnSecurityGroup(n.Construct, jsii.String("EndpointSecurityGroup"), &ec2.CfnSecurityGroupProps{
		VpcId:            n.vpc.Ref(),
		GroupDescription: jsii.String("HTTPS from the private subnets to interface endpoints"),
		Tags:             tags(props.Name+"-endpoints", nil),
	})
	for _, zone := range props.Zones {
		ec2.NewCfnSecurityGroupIngress(n.Construct, jsii.String("EndpointIngress"+zone.Letter), &ec2.CfnSecurityGroupIngressProps{
			GroupId:     group.AttrGroupId(),
			IpProtocol:  jsii.String("tcp"),
			FromPort:    jsii.Number(443),
			ToPort:      jsii.Number(443),
			CidrIp:      jsii.String(zone.PrivateCIDR),
			Description: jsii.String("HTTPS from private subnet " + zone.Letter),
		})
	}
	subnets := make([]any, len(n.private))
	for i, subnet := range n.private {
		subnets[i] = subnet.Ref()
	}
	for _, service := range props.InterfaceEndpoints {
		ec2.NewCfnVPCEndpoint(n.Construct, jsii.String("Endpoint"+strings.ReplaceAll(service, ".", "-")), &ec2.CfnVPCEndpointProps{
			VpcId:             n.vpc.Ref(),
			ServiceName:       serviceName(service),
			VpcEndpointType:   jsii.String("Interface"),
			PrivateDnsEnabled: true,
			SubnetIds:         &subnets,
			SecurityGroupIds:  &[]any{group.AttrGroupId()},
			Tags:              tags(props.Name+"-"+strings.ReplaceAll(service, ".", "-"), nil),
		})
	}
}

func serviceName(service string) *string {
	return cdk.Fn_Sub(jsii.String("com.amazonaws.${AWS::Region}."+service), nil)
}
