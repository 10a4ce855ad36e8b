// Package addon makes one EKS add-on. The order among add-ons and nodes is the
// caller's: see stacks/cluster.go.
package addon

import (
	"encoding/json"
	"fmt"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	eks "github.com/aws/aws-cdk-go/awscdk/v2/awseksv2"

	"github.com/fintrack/platform/constructs/cluster"
	"github.com/fintrack/platform/constructs/workloadrole"
)

// Props configure an add-on.
type Props struct {
	// Name is EKS' name of the add-on, "vpc-cni".
	Name string
	// Cluster gets the add-on.
	Cluster *cluster.Cluster
	// Version is the add-on's version; empty takes EKS' default for the
	// cluster's Kubernetes version when the add-on is made.
	Version string
	// Configuration follows the add-on's own schema. None by default.
	Configuration map[string]any
	// Role is what the add-on's service account assumes. None by default.
	Role *workloadrole.WorkloadRole
}

// Addon is the handle of an add-on.
type Addon struct {
	constructs.Construct
	resource eks.CfnAddon
}

// Resource is the add-on itself.
func (a *Addon) Resource() eks.CfnAddon { return a.resource }

// New makes an add-on.
func New(scope constructs.Construct, id string, props Props) *Addon {
	if props.Name == "" || props.Cluster == nil {
		panic(fmt.Sprintf("addon: Props.Name and Cluster must be given, got %q", props.Name))
	}
	a := &Addon{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	addon := &eks.CfnAddonProps{
		AddonName:   jsii.String(props.Name),
		ClusterName: props.Cluster.Resource().Ref(),
		// Git is right: what somebody changed by hand is put back.
		ResolveConflicts: jsii.String("OVERWRITE"),
	}
	if props.Version != "" {
		addon.AddonVersion = jsii.String(props.Version)
	}
	if props.Configuration != nil {
		text, err := json.Marshal(props.Configuration)
		if err != nil {
			panic(fmt.Sprintf("addon: Props.Configuration of %s must be JSON: %v", props.Name, err))
		}
		addon.ConfigurationValues = jsii.String(string(text))
	}
	if props.Role != nil {
		addon.ServiceAccountRoleArn = props.Role.ARN()
	}
	a.resource = eks.NewCfnAddon(a.Construct, jsii.String("Addon"), addon)
	return a
}
