package nat_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/internal/cdktest"
)

// gatewayIn is the NAT gateway in the public subnet with a range.
func gatewayIn(t testing.TB, template cdktest.Template, cidr string) cdktest.Resource {
	t.Helper()
	return template.Where(t, "AWS::EC2::NatGateway", "SubnetId", ref(template.Where(t, "AWS::EC2::Subnet", "CidrBlock", cidr)))
}

func TestGatewayStandsInTheFirstSubnetWithTheAddress(t *testing.T) {
	template := synth(t, in(nat.Gateway))
	template.Only(t, "AWS::EC2::NatGateway")
	gateway := gatewayIn(t, template, "10.1.101.0/24")
	gateway.Want(t, "AllocationId", getAtt(mainAddress(t, template).LogicalID, "AllocationId"))
	if got := gateway.Tag("Name"); got != "shop-nat" {
		t.Errorf("the gateway's Name tag is %q, want shop-nat", got)
	}
}

func TestGatewayPerZoneHasAnAddressInEach(t *testing.T) {
	template := synth(t, in(nat.GatewayPerZone))
	if n := len(template.OfType("AWS::EC2::NatGateway")); n != 2 {
		t.Errorf("there are %d gateways, want 2", n)
	}
	first, second := gatewayIn(t, template, "10.1.101.0/24"), gatewayIn(t, template, "10.1.102.0/24")
	first.Want(t, "AllocationId", getAtt(mainAddress(t, template).LogicalID, "AllocationId"))
	id, _ := second.At("AllocationId.Fn::GetAtt.0").(string)
	own := template.Resources[id]
	for what, r := range map[string]cdktest.Resource{"gateway": second, "address": own} {
		if got := r.Tag("Name"); got != "shop-nat-PublicSubnetb" {
			t.Errorf("the second %s has the Name tag %q, want shop-nat-PublicSubnetb", what, got)
		}
	}
}

func TestGatewaysWaitForTheInternet(t *testing.T) {
	template := synth(t, in(nat.GatewayPerZone))
	attachment := template.Only(t, "AWS::EC2::VPCGatewayAttachment").LogicalID
	for _, gateway := range template.OfType("AWS::EC2::NatGateway") {
		if !slices.Contains(gateway.Depends(), attachment) {
			t.Errorf("a gateway depends on %v, want the internet gateway's attachment %s", gateway.Depends(), attachment)
		}
	}
}

// The first gateway holds the address. A second gateway of another id would ask
// for it while the first still has it.
func TestFirstGatewayIsTheSameInBothModes(t *testing.T) {
	of := func(mode nat.Mode) map[string]any {
		template := synth(t, in(mode))
		same := map[string]any{"gateway": gatewayIn(t, template, "10.1.101.0/24").LogicalID}
		for _, alarm := range template.OfType("AWS::CloudWatch::Alarm") {
			name, _ := alarm.At("AlarmName").(string)
			same[name] = alarm.LogicalID
		}
		return same
	}
	one, each := of(nat.Gateway), of(nat.GatewayPerZone)
	if len(one) != 3 || len(each) != 5 {
		t.Errorf("one gateway and its alarms are %v, those of a gateway in each zone %v", one, each)
	}
	for what, id := range one {
		if !reflect.DeepEqual(each[what], id) {
			t.Errorf("%s is %v in one mode and %v in the other", what, id, each[what])
		}
	}
}

// A zone that is taken out leaves the gateways and addresses of the others.
func TestZoneThatGoesDoesNotMoveTheOtherGateways(t *testing.T) {
	of := func(from, to int) (ids [2]string) {
		template := synth(t, func(p *nat.Props) {
			p.Mode = nat.GatewayPerZone
			p.Subnets, p.RouteTables = p.Subnets[from:to], p.RouteTables[from:to]
		})
		gateway := gatewayIn(t, template, map[int]string{0: "10.1.101.0/24", 1: "10.1.102.0/24"}[from])
		address, _ := gateway.At("AllocationId.Fn::GetAtt.0").(string)
		return [2]string{gateway.LogicalID, address}
	}
	if both, one := of(0, 2), of(0, 1); both != one {
		t.Errorf("gateway and address of zone a were %v and become %v", both, one)
	}
}
