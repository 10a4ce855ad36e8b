// Package cluster makes an EKS control plane and the two doors to it.
//
//   - control plane with private and restrictable public endpoint, all five
//     logs, envelope encryption of secrets, deletion protection (controlplane.go)
//   - access entries for people, by IAM roles (access.go)
//   - OIDC provider for pods, the native resource (oidc.go)
//
// It makes no nodes and no add-ons, see nodegroup and addon. There is no Lambda
// behind it: no kubectl provider, no custom resource.
package cluster

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	eks "github.com/aws/aws-cdk-go/awscdk/v2/awseksv2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
)

// Props configure a cluster.
type Props struct {
	// Name is the cluster's name.
	Name string
	// Version is the Kubernetes minor version, "1.35".
	Version string
	// SubnetIDs are where EKS puts the control plane's network interfaces:
	// private subnets of at least two zones.
	SubnetIDs []*string
	// PublicAccessCIDRs may reach the public endpoint; empty closes it.
	PublicAccessCIDRs []string
	// ServiceCIDR is the range of Kubernetes Services.
	ServiceCIDR string
	// LogGroup is the group of the control plane's logs. EKS fixes its name to
	// /aws/eks/NAME/cluster.
	LogGroup string
	// LogRetentionDays is how long the logs are kept.
	LogRetentionDays int
	// DeletionProtection makes EKS refuse to delete the cluster.
	DeletionProtection bool
	// Role is the name of the control plane's own role.
	Role string
	// AdminRole is the name of a role that is made for people and gets
	// cluster-admin.
	AdminRole string
	// AdminPrincipals are who may assume AdminRole: roles and users of this
	// account as "role/…" and "user/…" with their paths, * for any characters.
	AdminPrincipals []string
	// Admins are ARNs of further roles that get cluster-admin. None by default.
	Admins []string
}

// Cluster is the handle of a cluster.
type Cluster struct {
	constructs.Construct
	name      string
	resource  eks.CfnCluster
	oidc      iam.CfnOIDCProvider
	adminRole iam.CfnRole
}

// Name is the cluster's literal name.
func (c *Cluster) Name() string { return c.name }

// Resource is the cluster as a CloudFormation resource. What needs the cluster
// to be there refers to it.
func (c *Cluster) Resource() eks.CfnCluster { return c.resource }

// Endpoint is the URL of the Kubernetes API.
func (c *Cluster) Endpoint() *string { return c.resource.AttrEndpoint() }

// SecurityGroupID is the group that EKS makes and gives to all nodes and pods.
func (c *Cluster) SecurityGroupID() *string { return c.resource.AttrClusterSecurityGroupId() }

// OIDCProvider is the IAM identity provider of the cluster's service accounts.
func (c *Cluster) OIDCProvider() iam.CfnOIDCProvider { return c.oidc }

// AdminRole is the role with which people administer the cluster.
func (c *Cluster) AdminRole() iam.CfnRole { return c.adminRole }

// New makes a cluster.
func New(scope constructs.Construct, id string, props Props) *Cluster {
	if want := "/aws/eks/" + props.Name + "/cluster"; props.LogGroup != want {
		panic(fmt.Sprintf("cluster: Props.LogGroup must be %q, which is what EKS writes to, got %q", want, props.LogGroup))
	}
	if len(props.SubnetIDs) < 2 {
		panic(fmt.Sprintf("cluster: Props.SubnetIDs must hold subnets of two zones or more, got %d", len(props.SubnetIDs)))
	}
	if len(props.AdminPrincipals) == 0 {
		panic("cluster: Props.AdminPrincipals must name who may administer the cluster, got none")
	}
	c := &Cluster{Construct: constructs.NewConstruct(scope, jsii.String(id)), name: props.Name}
	c.addControlPlane(props)
	c.addOIDC()
	c.addAccess(props)
	return c
}
