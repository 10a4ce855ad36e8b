package cluster

import (
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	iam "github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
)

// addOIDC lets IAM trust the cluster's service-account tokens. IAM fetches the
// issuer's certificate by itself, so no thumbprint is given.
func (c *Cluster) addOIDC() {
	c.oidc = iam.NewCfnOIDCProvider(c.Construct, jsii.String("OidcProvider"), &iam.CfnOIDCProviderProps{
		Url:          c.resource.AttrOpenIdConnectIssuerUrl(),
		ClientIdList: jsii.Strings("sts.amazonaws.com"),
	})
}

// OIDCIssuer is the issuer without its scheme, as it stands in the condition
// keys of trust policies: "oidc.eks.REGION.amazonaws.com/id/…".
func (c *Cluster) OIDCIssuer() *string {
	return cdk.Fn_Select(jsii.Number(1), cdk.Fn_Split(jsii.String("//"), c.resource.AttrOpenIdConnectIssuerUrl(), nil))
}
