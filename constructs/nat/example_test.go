package nat_test

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/constructs/network"
	"github.com/fintrack/platform/internal/cdkapp"
)

// One machine that replaces itself, behind an address that stays. Mode:
// nat.Gateway would put a managed gateway behind the same address.
func ExampleNew() {
	app, err := cdkapp.New(cdkapp.Options{Unvalidated: true})
	if err != nil {
		panic(err)
	}
	stack := cdk.NewStack(app, jsii.String("Shop"), nil)
	vpc := network.New(stack, "Network", network.Props{
		Name: "shop",
		CIDR: "10.1.0.0/16",
		Zones: []network.Zone{
			{Letter: "a", PublicCIDR: "10.1.101.0/24", PrivateCIDR: "10.1.1.0/24"},
			{Letter: "b", PublicCIDR: "10.1.102.0/24", PrivateCIDR: "10.1.2.0/24"},
		},
	})
	way := nat.New(stack, "Nat", nat.Props{
		Name:           "shop-nat",
		VPC:            vpc.VPC(),
		Subnets:        vpc.PublicSubnets(),
		InternetAccess: vpc.InternetAccess(),
		RouteTables:    vpc.PrivateRouteTables(),
		ClientCIDRs:    []string{"10.1.1.0/24", "10.1.2.0/24"},
	})
	cdk.NewCfnOutput(stack, jsii.String("Address"), &cdk.CfnOutputProps{Value: way.Address()})

	fmt.Println(*way.Group().AutoScalingGroupName(), "with", len(way.Alarms()), "alarms")
	// Output: shop-nat with 6 alarms
}
