// Package contract says HOW the two planes call each other: every name, ARN,
// path, port and label that both the CloudFormation templates and the
// Kubernetes manifests use is made here and nowhere else.
//
//   - contract.go: names of the environment and of its stacks
//   - identity.go: which Kubernetes service account becomes which IAM role
//   - workload.go: images, secrets, labels and ports of the workloads
//
// All of it is computed from an environment alone, so that a manifest can name
// a role that has not been deployed yet. The package uses the standard library
// and config only.
package contract

import (
	"strings"

	"github.com/fintrack/platform/config"
)

// Contract holds the shared names of one environment.
type Contract struct {
	env config.Environment

	// Prefix begins every name that must be unique in the account,
	// "fintrack-staging".
	Prefix string
	// Partition is AWS' partition of the region: "aws", "aws-cn" or
	// "aws-us-gov".
	Partition string
	// DNSSuffix ends AWS' host names in the partition.
	DNSSuffix string
	// Cluster is the name of the EKS cluster.
	Cluster string
	// Stacks are the names of the CloudFormation stacks.
	Stacks Stacks
	// Branch is the Git branch that the rendered manifests are published to.
	Branch string
}

// Stacks are the names of an environment's CloudFormation stacks. They are
// literal ids: changing one replaces everything in the stack.
type Stacks struct {
	Alarms, Network, Cluster, Identity, Registry, Database string
	// Platform is the front door: deploying it deploys all others.
	Platform string
}

// For computes the contract of an environment. The environment should have
// passed Validate; For itself cannot fail.
func For(env config.Environment) Contract {
	prefix := env.Project + "-" + env.Name
	front := env.DisplayName + capitalize(env.Name)
	return Contract{
		env:       env,
		Prefix:    prefix,
		Partition: config.PartitionOf(env.Region),
		DNSSuffix: dnsSuffix(env.Region),
		Cluster:   prefix,
		Branch:    "environment/" + env.Name,
		Stacks: Stacks{
			Alarms:   front + "Alarms",
			Network:  front + "Network",
			Cluster:  front + "Cluster",
			Identity: front + "Identity",
			Registry: front + "Registry",
			Database: front + "Database",
			Platform: front,
		},
	}
}

// Resource names something of the environment that must be unique in the
// account: "fintrack-staging-nat".
func (c Contract) Resource(part string) string { return c.Prefix + "-" + part }

// ClusterLogGroup is the group that EKS writes control-plane logs to. EKS fixes
// the name; creating the group first is what gives it a retention.
func (c Contract) ClusterLogGroup() string { return "/aws/eks/" + c.Cluster + "/cluster" }

// FlowLogGroup is the group of the VPC's flow logs. It lies outside of the
// workloads' log prefix, so that Fluent Bit cannot write to it.
func (c Contract) FlowLogGroup() string { return "/aws/vpc/" + c.Prefix + "/flow-logs" }

// LogGroup is the CloudWatch group of that name, "/fintrack/staging/platform".
func (c Contract) LogGroup(name string) string {
	return c.env.Logs.Prefix + "/" + c.env.Name + "/" + name
}

// Parameter is the SSM path of one fact that only AWS knows, such as the VPC
// id: "/fintrack/staging/platform/vpc-id".
func (c Contract) Parameter(name string) string {
	return "/" + c.env.Project + "/" + c.env.Name + "/platform/" + name
}

// ClusterTag is the tag by which AWS' controllers find the cluster's subnets.
func (c Contract) ClusterTag() string { return "kubernetes.io/cluster/" + c.Cluster }

// Tags are put on every AWS resource. They lead from a bill or an alarm back
// to people and code.
func (c Contract) Tags() map[string]string {
	return map[string]string{
		"project":     c.env.Project,
		"environment": c.env.Name,
		"owner":       c.env.Owner,
		"repository":  c.env.Repository,
	}
}

// dnsSuffix ends AWS' host names in a region. China has its own; the suffix of
// us-gov is that of everybody else.
func dnsSuffix(region string) string {
	if config.PartitionOf(region) == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// capitalize turns "staging" and "load-test" into "Staging" and "LoadTest".
func capitalize(name string) string {
	var b strings.Builder
	for _, part := range strings.Split(name, "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}
