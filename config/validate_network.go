package config

import (
	"net/netip"
	"slices"
	"strings"
)

// validate returns the VPC's range, which is invalid after a problem with it.
func (n Network) validate(c *checker, region string) netip.Prefix {
	vpc := n.validateRanges(c)
	n.validateZones(c, region)
	n.NAT.validate(c)
	oneOf(c, "network.flowLogRetentionDays", n.FlowLogRetentionDays, append([]int{0}, retentionDays...)...)
	field := indexed("network.interfaceEndpoints", "")
	for i, s := range n.InterfaceEndpoints {
		oneOf(c, field(i), s, endpointServices...)
	}
	unique(c, field, n.InterfaceEndpoints)
	return vpc
}

// validate checks the machine for gateways too, but lets them leave it out: what
// is written down is right on the day when the mode changes.
func (n NAT) validate(c *checker) {
	oneOf(c, "network.nat.mode", n.Mode, NATInstance, NATGateway, NATGatewayPerZone)
	optional := n.Mode == NATGateway || n.Mode == NATGatewayPerZone
	if !optional || n.Architecture != "" {
		oneOf(c, "network.nat.architecture", n.Architecture, AMD64, ARM64)
	}
	if !optional || n.InstanceType != "" {
		instanceType(c, "network.nat.instanceType", n.InstanceType, "network.nat.architecture", n.Architecture)
	}
	if !optional || n.VolumeGiB != 0 {
		between(c, "network.nat.volumeGiB", n.VolumeGiB, 8, 16384)
	}
	// Image and targets are in the user data, of which EC2 takes 16 KiB.
	image := n.Image == "" || amiRule.MatchString(n.Image) || parameterRule.MatchString(n.Image) && len(n.Image) <= 128
	c.require(image, "network.nat.image", n.Image, "must be an image's id such as \"ami-0123456789abcdef0\", or the path of an SSM parameter with or without \":version\", at most 128 characters")
	count(c, "network.nat.probeTargets", len(n.ProbeTargets), 0, 4)
	field := indexed("network.nat.probeTargets", "")
	for i, target := range n.ProbeTargets {
		c.require(isTarget(target), field(i), target, "must be a host name of at most 100 characters and a TCP port, such as \"example.com:443\"")
	}
	unique(c, field, n.ProbeTargets)
}

// validateRanges checks the VPC's range and those of the subnets.
func (n Network) validateRanges(c *checker) netip.Prefix {
	// AWS takes /16 to /28. The longest that holds two zones is /25: four
	// subnets of /27.
	vpc := cidr(c, "network.cidr", n.CIDR, 16, 25)
	if vpc.IsValid() {
		c.require(isPrivate(vpc), "network.cidr", n.CIDR, "must lie inside one of the private ranges %s", listRanges(privateRanges))
	}
	var subnets placed
	for i, z := range n.Zones {
		field := indexed("network.zones", "")(i)
		for _, s := range []struct{ field, value string }{{field + ".public", z.Public}, {field + ".private", z.Private}} {
			// A load balancer wants at least a /27, public or internal.
			p := cidr(c, s.field, s.value, 16, 27)
			if !p.IsValid() {
				continue
			}
			c.require(!vpc.IsValid() || within(vpc, p), s.field, s.value, "must lie inside network.cidr %q", n.CIDR)
			subnets.add(c, s.field, p)
		}
	}
	return vpc
}

// validateZones checks number and names of the zones: EKS and load balancers
// want two; six is the most that a region has.
func (n Network) validateZones(c *checker, region string) {
	count(c, "network.zones", len(n.Zones), 2, 6)
	field := indexed("network.zones", ".name")
	var names []string
	for i, z := range n.Zones {
		ok := zoneRule.MatchString(z.Name)
		if slices.Contains(regions, region) { // a wrong region is one problem, not four
			ok = ok && strings.HasPrefix(z.Name, region)
		}
		c.require(ok, field(i), z.Name, "must be a zone of region %q: its name and a letter from a to f", region)
		names = append(names, z.Name)
	}
	unique(c, field, names)
}

// validateService checks the range of Kubernetes Services (EKS API reference,
// KubernetesNetworkConfigRequest).
func validateService(c *checker, value string, vpc netip.Prefix) {
	service := cidr(c, "cluster.serviceCIDR", value, 12, 24)
	if !service.IsValid() {
		return
	}
	rfc1918 := privateRanges[:3]
	inside := slices.ContainsFunc(rfc1918, func(private netip.Prefix) bool { return within(private, service) })
	c.require(inside, "cluster.serviceCIDR", value, "must lie inside one of the private ranges %s", listRanges(rfc1918))
	c.require(!vpc.Overlaps(service), "cluster.serviceCIDR", value, "overlaps network.cidr %q", vpc)
}
