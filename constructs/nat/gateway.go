package nat

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
)

// addGateways makes one gateway, or one in each subnet. They are named after
// their subnets: the first one is the same in both modes, and taking a zone out
// leaves the others alone.
func (n *NAT) addGateways(props Props) {
	gateways := constructs.NewConstruct(n.Construct, jsii.String("Gateways"))
	add := func(subnet ec2.CfnSubnet, address ec2.CfnEIP, name string) {
		gateway := ec2.NewCfnNatGateway(gateways, subnet.Node().Id(), &ec2.CfnNatGatewayProps{
			SubnetId:     subnet.Ref(),
			AllocationId: address.AttrAllocationId(),
			Tags:         nameTag(name),
		})
		gateway.Node().AddDependency(props.InternetAccess)
		n.gateways = append(n.gateways, gateway)
	}
	add(props.Subnets[0], n.addresses[0], props.Name)
	if props.Mode != GatewayPerZone {
		return
	}
	addresses := constructs.NewConstruct(n.Construct, jsii.String("Addresses"))
	for _, subnet := range props.Subnets[1:] {
		id := *subnet.Node().Id()
		add(subnet, n.addAddress(addresses, id, props.Name+"-"+id, props), props.Name+"-"+id)
	}
}
