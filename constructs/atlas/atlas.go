// Package atlas puts addresses on the IP access list of a MongoDB Atlas project,
// by the CloudFormation resource type that MongoDB publishes.
//
// The type is not AWS' own. It must be activated once in account and region, with
// a role that may read the secret cfn/atlas/profile/PROFILE, which holds an API
// key of the project. An address that is on the list already is refused: take
// entries made by hand off first.
package atlas

import (
	"cmp"
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
)

// Props configure an access list.
type Props struct {
	// ProjectID is the Atlas project, 24 hexadecimal digits.
	ProjectID string
	// Profile names the secret with the API key; "default" by default.
	Profile string
	// Addresses are the IPv4 addresses that may connect.
	Addresses []*string
	// Comment stands beside each of them in Atlas; none by default.
	Comment string
}

// AccessList is the handle of an access list.
type AccessList struct {
	constructs.Construct
	resource cdk.CfnResource
}

// Resource is the access list itself.
func (a *AccessList) Resource() cdk.CfnResource { return a.resource }

// New makes an access list.
func New(scope constructs.Construct, id string, props Props) *AccessList {
	if props.ProjectID == "" || len(props.Addresses) == 0 {
		panic(fmt.Sprintf("atlas: Props.ProjectID and Addresses must be given, got %q and %d addresses", props.ProjectID, len(props.Addresses)))
	}
	entries := make([]any, len(props.Addresses))
	for i, address := range props.Addresses {
		entry := map[string]any{"IPAddress": address}
		if props.Comment != "" {
			entry["Comment"] = props.Comment
		}
		entries[i] = entry
	}
	a := &AccessList{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	a.resource = cdk.NewCfnResource(a.Construct, jsii.String("AccessList"), &cdk.CfnResourceProps{
		Type: jsii.String("MongoDB::Atlas::ProjectIpAccessList"),
		Properties: &map[string]any{
			"ProjectId":  props.ProjectID,
			"Profile":    cmp.Or(props.Profile, "default"),
			"AccessList": entries,
		},
	})
	return a
}
