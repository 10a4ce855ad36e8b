package test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/internal/cdktest"
)

// inMode is staging with another NAT, and with Atlas, which hears of every address.
func inMode(t *testing.T, mode string) *environment {
	t.Helper()
	env := everythingOn()
	env.Network.NAT = config.NAT{Mode: mode} // a gateway needs no machine
	return get(t, "NAT "+mode, env)
}

var gatewayModes = []string{config.NATGateway, config.NATGatewayPerZone}

// TestModesOfTheNATAreValid: a whole environment without a NAT instance passes
// CDK's own validator.
func TestModesOfTheNATAreValid(t *testing.T) {
	for _, mode := range gatewayModes {
		for _, finding := range reportFindings(t, filepath.Join(inMode(t, mode).assembly, "validation-report.json")) {
			t.Errorf("%s: %s", mode, finding)
		}
	}
}

// TestModesOfTheNATShareTheAddress: the address and the routes of an instance are
// those of a gateway, so that an allow-list outlives the switch.
func TestModesOfTheNATShareTheAddress(t *testing.T) {
	const address = "NatAddressF1394B9A" // see TestLogicalIDsOfStatefulResources
	gateways := map[string]int{config.NATGateway: 1, config.NATGatewayPerZone: 3}
	routes := func(env *environment, property string) (ids []string) {
		for _, route := range env.network().OfType("AWS::EC2::Route") {
			if route.At(property) != nil {
				ids = append(ids, route.LogicalID)
			}
		}
		return ids
	}
	want := routes(staging(t), "NetworkInterfaceId")
	for _, mode := range gatewayModes {
		env := inMode(t, mode)
		network := env.network()
		if r := network.Resources[address]; r.Type != "AWS::EC2::EIP" || r.DeletionPolicy != "Retain" {
			t.Errorf("%s: %s is %s with the policy %q, want the address, retained", mode, address, r.Type, r.DeletionPolicy)
		}
		if got := routes(env, "NatGatewayId"); len(got) != 3 || !slices.Equal(got, want) {
			t.Errorf("%s: the routes are %v, those of an instance %v", mode, got, want)
		}
		if n := len(network.OfType("AWS::EC2::NatGateway")); n != gateways[mode] {
			t.Errorf("%s: there are %d gateways, want %d", mode, n, gateways[mode])
		}
		network.Where(t, "AWS::EC2::NatGateway", "AllocationId.Fn::GetAtt.0", address)
		for _, resourceType := range []string{"AWS::EC2::NetworkInterface", "AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::LaunchTemplate"} {
			if n := len(network.OfType(resourceType)); n != 0 {
				t.Errorf("%s: there are %d resources of type %s", mode, n, resourceType)
			}
		}
	}
}

// TestEveryAddressIsPublished: whoever keeps an allow-list, people or Atlas, gets
// each address that a pod may be seen with.
func TestEveryAddressIsPublished(t *testing.T) {
	for _, mode := range gatewayModes {
		env := inMode(t, mode)
		var want []string
		for _, address := range env.network().OfType("AWS::EC2::EIP") {
			want = append(want, address.LogicalID)
		}
		// Text and references alternate: address, comma, address.
		value := env.platform().Outputs["NatAddress"].Value
		parts := []any{value}
		if joined, ok := cdktest.At(value, "Fn::Join.1").([]any); ok {
			parts = joined
		}
		var published, listed []string
		for i, part := range parts {
			if i%2 == 1 {
				if part != "," {
					t.Errorf("%s: between two addresses stands %v", mode, part)
				}
				continue
			}
			r, attribute := env.resolve(t, part)
			if attribute != "PublicIp" {
				t.Errorf("%s: the %s of %s is published", mode, attribute, r)
			}
			published = append(published, r.LogicalID)
		}
		entries, _ := env.network().Only(t, "MongoDB::Atlas::ProjectIpAccessList").At("AccessList").([]any)
		for _, entry := range entries {
			id, _ := cdktest.At(entry, "IPAddress.Fn::GetAtt.0").(string)
			listed = append(listed, id)
		}
		// No zone changes over to an address that Atlas does not admit yet.
		list := env.network().Only(t, "MongoDB::Atlas::ProjectIpAccessList").LogicalID
		for _, route := range env.network().OfType("AWS::EC2::Route") {
			if route.At("NatGatewayId") != nil && !slices.Contains(route.Depends(), list) {
				t.Errorf("%s: the route %s does not wait for Atlas' list, only for %v", mode, route.LogicalID, route.Depends())
			}
		}
		for what, got := range map[string][]string{"published": published, "on Atlas' list": listed} {
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v are %s, want %v", mode, got, what, want)
			}
		}
	}
}
