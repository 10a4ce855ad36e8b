package config

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// kubernetesVersions are the minors in EKS standard support that the pinned
// CDK and add-ons know.
var kubernetesVersions = []string{"1.34", "1.35", "1.36"}

// Addons are the EKS add-ons of every cluster, by EKS' names.
var Addons = []string{"vpc-cni", "kube-proxy", "eks-pod-identity-agent", "coredns", "metrics-server", "aws-ebs-csi-driver"}

func (k Cluster) validate(c *checker, e Environment, vpc netip.Prefix) {
	oneOf(c, "cluster.version", k.Version, kubernetesVersions...)
	// EKS takes 40 ranges.
	cidrs(c, "cluster.publicAccessCIDRs", k.PublicAccessCIDRs, 40, false, "must be a public range: private addresses reach the private endpoint")
	validateService(c, k.ServiceCIDR, vpc)
	oneOf(c, "cluster.logRetentionDays", k.LogRetentionDays, retentionDays...)
	field := indexed("cluster.adminPrincipals", "")
	c.require(len(k.AdminPrincipals) > 0, "cluster.adminPrincipals", k.AdminPrincipals, "must name who may administer the cluster")
	for i, principal := range k.AdminPrincipals {
		c.require(principalRule.MatchString(principal) && len(principal) <= 512, field(i), principal, "must be \"role/\" or \"user/\" and a name of this account, and not a wildcard alone")
	}
	unique(c, field, k.AdminPrincipals)
	field = indexed("cluster.admins", "")
	for i, arn := range k.Admins {
		if c.require(roleRule.MatchString(arn), field(i), arn, "must be the ARN of an IAM role") && slices.Contains(regions, e.Region) {
			want := "arn:" + PartitionOf(e.Region) + ":"
			c.require(strings.HasPrefix(arn, want), field(i), arn, "must begin with %q, the partition of region %q", want, e.Region)
		}
	}
	unique(c, field, k.Admins)
	k.Nodes.validate(c)
	for _, addon := range slices.Sorted(maps.Keys(k.AddonVersions)) {
		field, version := keyed("cluster.addonVersions", addon), k.AddonVersions[addon]
		c.require(slices.Contains(Addons, addon), field, addon, "is not an add-on of the cluster, choose one of %s", strings.Join(Addons, ", "))
		c.require(addonRule.MatchString(version), field, version, "must be a version such as \"v1.12.3-eksbuild.1\"")
	}
}

func (n Nodes) validate(c *checker) {
	oneOf(c, "cluster.nodes.architecture", n.Architecture, AMD64, ARM64)
	field := indexed("cluster.nodes.instanceTypes", "")
	for i, t := range n.InstanceTypes {
		size := instanceType(c, field(i), t, "cluster.nodes.architecture", n.Architecture)
		c.require(size != "nano" && size != "micro", field(i), t, "is too small for a node: it takes 4 pods, and the add-ons alone run more on each")
	}
	unique(c, field, n.InstanceTypes)
	oneOf(c, "cluster.nodes.capacityType", n.CapacityType, "SPOT", "ON_DEMAND")
	// Three SPOT pools are the least that survives two exhausted ones in a
	// zone; 20 types are EKS' own bound.
	if n.CapacityType == "SPOT" {
		c.require(len(n.InstanceTypes) >= 3 && len(n.InstanceTypes) <= 20, "cluster.nodes.instanceTypes", n.InstanceTypes, "must hold 3 to 20 types, SPOT needs several capacity pools")
	} else {
		c.require(len(n.InstanceTypes) >= 1 && len(n.InstanceTypes) <= 20, "cluster.nodes.instanceTypes", n.InstanceTypes, "must hold 1 to 20 types")
	}
	// 450 nodes are EKS' quota for a node group.
	minOK := between(c, "cluster.nodes.min", n.Min, 0, 450)
	maxOK := between(c, "cluster.nodes.max", n.Max, 1, 450)
	low, high := 0, 450
	if minOK && maxOK && c.require(n.Min <= n.Max, "cluster.nodes.min", n.Min, "must not be more than cluster.nodes.max %d", n.Max) {
		low, high = n.Min, n.Max
	}
	between(c, "cluster.nodes.desired", n.Desired, low, high)
	between(c, "cluster.nodes.volumeGiB", n.VolumeGiB, 20, 16384)
}
