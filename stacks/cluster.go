package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/fintrack/platform/constructs/addon"
	"github.com/fintrack/platform/constructs/cluster"
	"github.com/fintrack/platform/constructs/nodegroup"
	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/constructs/workloadrole"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/nag"
)

type clusterStack struct {
	cluster *cluster.Cluster
	roles   []*workloadrole.WorkloadRole
}

// cluster makes control plane, nodes and add-ons in the one order that works:
//
//	network add-ons → nodes → add-ons that run on nodes
//
// A node is ready only with a pod network on it, and the pod network takes its
// settings (network policy) when it starts, so VPC CNI comes first. CoreDNS,
// metrics-server and the volume driver are Deployments: EKS waits until their
// pods run, which without nodes is never.
func (e environment) cluster(name string, network networkStack) clusterStack {
	stack := e.stack(name, "EKS control plane, nodes and add-ons")
	config := e.env.Cluster
	subnets := network.network.PrivateSubnetIDs()

	eks := cluster.New(stack, "Cluster", cluster.Props{
		Name:               e.contract.Cluster,
		Version:            config.Version,
		SubnetIDs:          subnets,
		PublicAccessCIDRs:  config.PublicAccessCIDRs,
		ServiceCIDR:        config.ServiceCIDR,
		LogGroup:           e.contract.ClusterLogGroup(),
		LogRetentionDays:   config.LogRetentionDays,
		DeletionProtection: config.DeletionProtection,
		Role:               e.contract.Resource("cluster"),
		AdminRole:          e.contract.Resource("cluster-admin"),
		AdminPrincipals:    config.AdminPrincipals,
		Admins:             config.Admins,
	})
	managed := func(id string, identity contract.Identity, managedPolicy, reason string) *workloadrole.WorkloadRole {
		return workloadrole.New(stack, id, workloadrole.Props{
			Name:            identity.Role,
			Description:     "Pods of " + identity.ServiceAccount + " in " + e.contract.Cluster,
			Cluster:         eks,
			Subject:         identity.Subject(),
			Audience:        contract.TokenAudience,
			ManagedPolicies: []*string{policy.Managed(managedPolicy)},
			Accepted:        []nag.Acceptance{{Rule: "AwsSolutions-IAM4", Reason: reason}},
		})
	}
	vpcCNI := managed("VpcCniRole", e.contract.VPCCNI(), "AmazonEKS_CNI_Policy",
		"AWS keeps this policy in step with the VPC CNI add-on, which EKS updates.")
	ebsCSI := managed("EbsCsiRole", e.contract.EBSCSI(), "service-role/AmazonEBSCSIDriverPolicy",
		"AWS keeps this policy in step with the EBS CSI add-on, which EKS updates; it is bound to volumes with the driver's tags.")

	install := func(name string, role *workloadrole.WorkloadRole, configuration map[string]any, after ...constructs.IDependable) *addon.Addon {
		a := addon.New(stack, name, addon.Props{
			Name:          name,
			Cluster:       eks,
			Version:       config.AddonVersions[name],
			Configuration: configuration,
			Role:          role,
		})
		a.Node().AddDependency(after...)
		return a
	}
	// Without enableNetworkPolicy every NetworkPolicy in the cluster is inert.
	cni := install("vpc-cni", vpcCNI, map[string]any{"enableNetworkPolicy": "true"})
	proxy := install("kube-proxy", nil, nil)
	podIdentity := install("eks-pod-identity-agent", nil, nil)

	nodes := nodegroup.New(stack, "Nodes", nodegroup.Props{
		Name:          e.contract.Resource("nodes"),
		Cluster:       eks,
		SubnetIDs:     subnets,
		Role:          e.contract.Resource("nodes"),
		InstanceTypes: config.Nodes.InstanceTypes,
		Architecture:  config.Nodes.Architecture,
		CapacityType:  config.Nodes.CapacityType,
		Min:           config.Nodes.Min,
		Desired:       config.Nodes.Desired,
		Max:           config.Nodes.Max,
		VolumeGiB:     config.Nodes.VolumeGiB,
		InstanceTags:  e.contract.Tags(),
	})
	nodes.Node().AddDependency(cni.Construct, proxy.Construct, podIdentity.Construct)

	install("coredns", nil, nil, nodes.Construct)
	install("metrics-server", nil, nil, nodes.Construct) // the HorizontalPodAutoscaler's eyes
	install("aws-ebs-csi-driver", ebsCSI, nil, nodes.Construct)

	return clusterStack{cluster: eks, roles: []*workloadrole.WorkloadRole{vpcCNI, ebsCSI}}
}
