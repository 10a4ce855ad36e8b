// Package workloadrole makes an IAM role that one Kubernetes service account
// can assume (IRSA), bound to the token's audience AND its exact subject.
//
// The keys of the trust policy's condition hold the cluster's OIDC issuer,
// which is known only at deployment, and CloudFormation substitutes values but
// no keys. The policy is therefore written as a JSON text through Fn::Sub,
// which the property takes in place of a JSON object. The usual alternative is
// a custom resource, that is, a Lambda.
package workloadrole

import (
	"encoding/json"
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"github.com/fintrack/platform/constructs/cluster"
	"github.com/fintrack/platform/internal/nag"
)

// Props configure a role.
type Props struct {
	// Name is the role's name. It is fixed, because manifests name the role
	// before it exists.
	Name string
	// Description says what the role is for.
	Description string
	// Cluster is where the service account lives.
	Cluster *cluster.Cluster
	// Subject is the `sub` claim, "system:serviceaccount:NAMESPACE:NAME".
	Subject string
	// Audience is the `aud` claim, "sts.amazonaws.com".
	Audience string
	// Policy is what the role may do, from package policy. Without it the role
	// may do nothing.
	Policy any
	// ManagedPolicies are ARNs of managed policies. None by default.
	ManagedPolicies []*string
	// Accepted are the cdk-nag findings that come with these policies.
	Accepted []nag.Acceptance
}

// WorkloadRole is the handle of a role.
type WorkloadRole struct {
	constructs.Construct
	role iam.CfnRole
}

// Resource is the role itself.
func (r *WorkloadRole) Resource() iam.CfnRole { return r.role }

// ARN is the role's ARN.
func (r *WorkloadRole) ARN() *string { return r.role.AttrArn() }

// New makes a role.
func New(scope constructs.Construct, id string, props Props) *WorkloadRole {
	if props.Name == "" || props.Subject == "" || props.Audience == "" || props.Cluster == nil {
		panic(fmt.Sprintf("workloadrole: Props.Name, Subject, Audience and Cluster must be given, got %q, %q, %q, %v", props.Name, props.Subject, props.Audience, props.Cluster != nil))
	}
	r := &WorkloadRole{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	roleProps := &iam.CfnRoleProps{
		RoleName:                 jsii.String(props.Name),
		Description:              jsii.String(props.Description),
		AssumeRolePolicyDocument: trust(props),
	}
	if props.Policy != nil {
		roleProps.Policies = []any{&iam.CfnRole_PolicyProperty{
			PolicyName:     jsii.String(props.Name),
			PolicyDocument: props.Policy,
		}}
	}
	if len(props.ManagedPolicies) > 0 {
		arns := make([]any, len(props.ManagedPolicies))
		for i, arn := range props.ManagedPolicies {
			arns[i] = arn
		}
		roleProps.ManagedPolicyArns = &arns
	}
	r.role = iam.NewCfnRole(r.Construct, jsii.String("Role"), roleProps)
	if len(props.Accepted) > 0 {
		nag.Accept(r.role, props.Accepted...)
	}
	return r
}

// trust writes the trust policy as the text that CloudFormation turns into
// JSON. encoding/json sorts the keys, so the text never changes by itself.
func trust(props Props) *string {
	document, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect":    "Allow",
			"Action":    "sts:AssumeRoleWithWebIdentity",
			"Principal": map[string]any{"Federated": "${Provider}"},
			"Condition": map[string]any{"StringEquals": map[string]any{
				"${Issuer}:aud": props.Audience,
				"${Issuer}:sub": props.Subject,
			}},
		}},
	})
	if err != nil {
		panic(fmt.Sprintf("workloadrole: Props.Subject and Audience must be text: %v", err)) // maps of strings always marshal
	}
	return cdk.Fn_Sub(jsii.String(string(document)), &map[string]*string{
		"Provider": props.Cluster.OIDCProvider().AttrArn(),
		"Issuer":   props.Cluster.OIDCIssuer(),
	})
}
