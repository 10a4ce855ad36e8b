package cluster

import (
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	eks "github.com/aws/aws-cdk-go/awscdk/v2/awseksv2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	kms "github.com/aws/aws-cdk-go/awscdk/v2/awskms"

	"github.com/fintrack/platform/constructs/loggroup"
	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/internal/nag"
)

// logTypes are all that EKS offers. The audit log alone tells who did what.
var logTypes = []string{"api", "audit", "authenticator", "controllerManager", "scheduler"}

func (c *Cluster) addControlPlane(props Props) {
	// Made before the cluster: EKS would make the group itself, without a
	// retention.
	group := loggroup.New(c.Construct, "LogGroup", loggroup.Props{
		Name:          props.LogGroup,
		RetentionDays: props.LogRetentionDays,
	})
	var logging []any
	for _, t := range logTypes {
		logging = append(logging, &eks.CfnCluster_LoggingTypeConfigProperty{Type: jsii.String(t)})
	}
	c.resource = eks.NewCfnCluster(c.Construct, jsii.String("Cluster"), &eks.CfnClusterProps{
		Name:    jsii.String(props.Name),
		Version: jsii.String(props.Version),
		RoleArn: c.role(props).AttrArn(),
		ResourcesVpcConfig: &eks.CfnCluster_ResourcesVpcConfigProperty{
			SubnetIds:             &props.SubnetIDs,
			EndpointPrivateAccess: true,
			EndpointPublicAccess:  len(props.PublicAccessCIDRs) > 0,
			PublicAccessCidrs:     jsii.Strings(props.PublicAccessCIDRs...),
		},
		KubernetesNetworkConfig: &eks.CfnCluster_KubernetesNetworkConfigProperty{
			IpFamily:        jsii.String("ipv4"),
			ServiceIpv4Cidr: jsii.String(props.ServiceCIDR),
		},
		AccessConfig: &eks.CfnCluster_AccessConfigProperty{
			AuthenticationMode: jsii.String("API"),
			// Otherwise CloudFormation's own role would be cluster-admin and
			// nobody else. Both settings replace the cluster when changed.
			BootstrapClusterCreatorAdminPermissions: false,
		},
		// The add-ons come from EKS' add-on API; a second, self-managed set
		// would collide with them.
		BootstrapSelfManagedAddons: false,
		EncryptionConfig: []any{&eks.CfnCluster_EncryptionConfigProperty{
			Resources: jsii.Strings("secrets"),
			Provider:  &eks.CfnCluster_ProviderProperty{KeyArn: c.key(props).AttrArn()},
		}},
		Logging: &eks.CfnCluster_LoggingProperty{
			ClusterLogging: &eks.CfnCluster_ClusterLoggingProperty{EnabledTypes: logging},
		},
		// Extended support costs six times as much an hour; falling out of
		// standard support should be an upgrade, not a bill.
		UpgradePolicy:      &eks.CfnCluster_UpgradePolicyProperty{SupportType: jsii.String("STANDARD")},
		DeletionProtection: props.DeletionProtection,
	})
	c.resource.Node().AddDependency(group.Construct)
}

func (c *Cluster) role(props Props) iam.CfnRole {
	role := iam.NewCfnRole(c.Construct, jsii.String("Role"), &iam.CfnRoleProps{
		RoleName:                 jsii.String(props.Role),
		Description:              jsii.String("EKS control plane of " + props.Name),
		AssumeRolePolicyDocument: policy.TrustService("eks.amazonaws.com"),
		ManagedPolicyArns:        &[]any{policy.Managed("AmazonEKSClusterPolicy")},
	})
	nag.Accept(role, nag.Acceptance{
		Rule:   "AwsSolutions-IAM4",
		Reason: "AmazonEKSClusterPolicy is the policy that EKS demands of a control plane's role and extends as it grows.",
	})
	return role
}

// key encrypts the Kubernetes secrets. Without it a backup of etcd is worthless,
// so it is retained.
func (c *Cluster) key(props Props) kms.CfnKey {
	key := kms.NewCfnKey(c.Construct, jsii.String("SecretsKey"), &kms.CfnKeyProps{
		Description:       jsii.String("Kubernetes secrets of " + props.Name),
		EnableKeyRotation: true,
		KeyPolicy:         policy.AccountKey(),
	})
	key.ApplyRemovalPolicy(cdk.RemovalPolicy_RETAIN, nil)
	kms.NewCfnAlias(c.Construct, jsii.String("SecretsKeyAlias"), &kms.CfnAliasProps{
		AliasName:   jsii.String("alias/" + props.Name + "/secrets"),
		TargetKeyId: key.Ref(),
	})
	return key
}
