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
	oneOf(c, "network.nat.architecture", n.NAT.Architecture, AMD64, ARM64)
	instanceType(c, "network.nat.instanceType", n.NAT.InstanceType, "network.nat.architecture", n.NAT.Architecture)
	between(c, "network.nat.volumeGiB", n.NAT.VolumeGiB, 8, 16384)
	oneOf(c, "network.flowLogRetentionDays", n.FlowLogRetentionDays, append([]int{0}, retentionDays...)...)
	field := indexed("network.interfaceEndpoints", "")
	for i, s := range n.InterfaceEndpoints {
		oneOf(c, field(i), s, endpointServices...)
	}
	unique(c, field, n.InterfaceEndpoints)
	return vpc
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
