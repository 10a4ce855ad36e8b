// Package secret makes an entry of AWS Secrets Manager without a value. People
// or a rotation put the value in; Git and CloudFormation never see it.
//
// The entry survives its stack, because its value cannot be made again.
package secret

import (
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	secrets "github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"

	"github.com/fintrack/platform/internal/nag"
)

// Props configure a secret.
type Props struct {
	// Name is the secret's path, "fintrack/mongodb-uri".
	Name string
	// Description says what belongs into it.
	Description string
}

// Secret is the handle of a secret.
type Secret struct {
	constructs.Construct
	secret secrets.CfnSecret
}

// Resource is the secret itself.
func (s *Secret) Resource() secrets.CfnSecret { return s.secret }

// New makes a secret.
func New(scope constructs.Construct, id string, props Props) *Secret {
	if props.Name == "" || props.Description == "" {
		panic(fmt.Sprintf("secret: Props.Name and Description must be given, got %q and %q", props.Name, props.Description))
	}
	s := &Secret{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	s.secret = secrets.NewCfnSecret(s.Construct, jsii.String("Secret"), &secrets.CfnSecretProps{
		Name:        jsii.String(props.Name),
		Description: jsii.String(props.Description),
	})
	s.secret.ApplyRemovalPolicy(cdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE, nil)
	nag.Accept(s.secret, nag.Acceptance{
		Rule:   "AwsSolutions-SMG4",
		Reason: "The value belongs to a service outside of AWS that rotates it; External Secrets brings a new value into the cluster within the hour, and pods take it when they start.",
	})
	return s
}
