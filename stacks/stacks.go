// Package stacks turns an environment into CloudFormation stacks. Stacks only
// wire: what a resource looks like is the business of the constructs.
//
//   - NAMEAlarms: the topic that alarms go to (alarms.go)
//   - NAMENetwork: VPC, subnets, NAT, and its addresses on MongoDB Atlas' list
//     when the environment enables it (network.go)
//   - NAMECluster: EKS control plane, nodes, add-ons (cluster.go)
//   - NAMEIdentity: roles of the pods, and the secrets and log groups that
//     they guard (identity.go)
//   - NAMERegistry: image repositories (registry.go)
//   - NAMEDatabase: PostgreSQL, when the environment enables it (database.go)
//   - NAME, "FinTrackStaging": the front door. It depends on all others, so
//     that deploying it deploys everything, and publishes what only AWS knows
//     as outputs and SSM parameters (platform.go)
//
// The stacks stand side by side in the app and not in a Stage: below a Stage
// `cdk deploy FinTrackStaging` would find nothing.
package stacks

import (
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/ptr"
)

// environment is what every stack is made from.
type environment struct {
	app      cdk.App
	env      config.Environment
	contract contract.Contract
}

// Add adds the stacks of an environment to an app. The environment must have
// passed Validate.
func Add(app cdk.App, env config.Environment) {
	e := environment{app: app, env: env, contract: contract.For(env)}
	names := e.contract.Stacks

	alarms := e.alarms(names.Alarms)
	network := e.network(names.Network, alarms)
	cluster := e.cluster(names.Cluster, network)
	identity := e.identity(names.Identity, cluster)
	registry := e.registry(names.Registry)
	var database *databaseStack
	if env.Database.Enabled {
		database = e.database(names.Database, network, cluster)
	}
	e.platform(names.Platform, alarms, network, cluster, identity, registry, database)
}

// stack makes an empty stack of the environment.
func (e environment) stack(name, description string) cdk.Stack {
	return cdk.NewStack(e.app, jsii.String(name), &cdk.StackProps{
		StackName:             jsii.String(name),
		Description:           jsii.String(e.env.DisplayName + " " + e.env.Name + ": " + description),
		Env:                   &cdk.Environment{Account: jsii.String(e.env.Account), Region: jsii.String(e.env.Region)},
		Tags:                  ptr.Map(e.contract.Tags()),
		TerminationProtection: jsii.Bool(e.env.TerminationProtection),
	})
}
