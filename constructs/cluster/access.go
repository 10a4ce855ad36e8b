package cluster

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	eks "github.com/aws/aws-cdk-go/awscdk/v2/awseksv2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"github.com/fintrack/platform/constructs/policy"
)

// addAccess gives people the cluster: one role that is made here, and the ones
// that exist already.
func (c *Cluster) addAccess(props Props) {
	c.adminRole = iam.NewCfnRole(c.Construct, jsii.String("AdminRole"), &iam.CfnRoleProps{
		RoleName:                 jsii.String(props.AdminRole),
		Description:              jsii.String("People who administer the cluster " + props.Name),
		AssumeRolePolicyDocument: policy.TrustPrincipals(props.AdminPrincipals),
		Policies: []any{&iam.CfnRole_PolicyProperty{
			PolicyName: jsii.String("make-a-kubeconfig"),
			PolicyDocument: policy.Allow(policy.Statement{
				Actions:   []string{"eks:DescribeCluster"},
				Resources: []string{"arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:cluster/" + props.Name},
			}),
		}},
	})
	c.admin(c.Construct, "AdminAccess", c.adminRole.AttrArn())
	// Each is named after its ARN and not its place in the list, so that taking
	// one out leaves the others alone: EKS refuses a second entry for a principal.
	admins := constructs.NewConstruct(c.Construct, jsii.String("Admins"))
	for _, arn := range props.Admins {
		c.admin(admins, arn, jsii.String(arn))
	}
}

func (c *Cluster) admin(scope constructs.Construct, id string, principal *string) {
	eks.NewCfnAccessEntry(scope, jsii.String(id), &eks.CfnAccessEntryProps{
		ClusterName:  c.resource.Ref(),
		PrincipalArn: principal,
		Type:         jsii.String("STANDARD"),
		AccessPolicies: []any{&eks.CfnAccessEntry_AccessPolicyProperty{
			PolicyArn:   policy.ClusterAccess("AmazonEKSClusterAdminPolicy"),
			AccessScope: &eks.CfnAccessEntry_AccessScopeProperty{Type: jsii.String("cluster")},
		}},
	})
}
