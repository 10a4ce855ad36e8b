package stacks

import (
	"strings"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ssm "github.com/aws/aws-cdk-go/awscdk/v2/awsssm"

	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/internal/ptr"
)

// platform is the front door: it refers to something of every other stack, and
// that alone makes `cdk deploy` of it deploy them all, in order. What it
// publishes is what only AWS knows; nothing in the manifests reads it.
func (e environment) platform(name string, alarms alarmsStack, network networkStack, cluster clusterStack, identity identityStack, registry registryStack, database *databaseStack) {
	stack := e.stack(name, "the front door, deploys all other stacks")
	for _, problem := range e.env.Unedited() {
		// The CLI prints it at every synth, diff and deploy.
		cdk.Annotations_Of(stack).AddInfo(jsii.String(problem.String()))
	}
	publish := func(key, description string, value *string) {
		ssm.NewCfnParameter(stack, jsii.String("Parameter-"+key), &ssm.CfnParameterProps{
			Name:        jsii.String(e.contract.Parameter(key)),
			Type:        jsii.String("String"),
			Value:       value,
			Description: jsii.String(description),
		})
		cdk.NewCfnOutput(stack, jsii.String(outputName(key)), &cdk.CfnOutputProps{
			Value:       value,
			Description: jsii.String(description),
		})
	}

	publish("vpc-id", "The VPC", network.network.VPC().Ref())
	publish("nat-address", "The address to put on MongoDB Atlas' IP access list", addresses(network.nat))
	publish("alarm-topic-arn", "The topic that every alarm goes to", alarms.topic.Topic().Ref())
	publish("cluster-name", "The EKS cluster", cluster.cluster.Resource().Ref())
	publish("cluster-endpoint", "The Kubernetes API", cluster.cluster.Endpoint())
	publish("oidc-issuer", "The issuer of the cluster's service-account tokens, without scheme", cluster.cluster.OIDCIssuer())
	publish("admin-role-arn", "The role with which people administer the cluster", cluster.cluster.AdminRole().AttrArn())
	for _, id := range ptr.SortedKeys(identity.roles) {
		publish("role-arn/"+id, "The role of the pods of "+id, identity.roles[id].ARN())
	}
	for _, workload := range e.env.Workloads {
		publish("repository-uri/"+workload.Name, "Where the images of "+workload.Name+" are pushed", registry.repositories[workload.Name].URI())
	}
	if database != nil {
		publish("database-endpoint", "The host name of PostgreSQL", database.database.Endpoint())
	}
	cdk.NewCfnOutput(stack, jsii.String("KubeconfigCommand"), &cdk.CfnOutputProps{
		Description: jsii.String("Adds the cluster to your kubeconfig"),
		Value: cdk.Fn_Sub(jsii.String("aws eks update-kubeconfig --region ${AWS::Region} --name "+e.contract.Cluster+" --role-arn ${Role}"),
			&map[string]*string{"Role": cluster.cluster.AdminRole().AttrArn()}),
	})
}

// addresses are the addresses of a NAT in one text, joined by commas.
func addresses(n *nat.NAT) *string {
	var list []string
	for _, address := range n.Addresses() {
		list = append(list, *address)
	}
	return jsii.String(strings.Join(list, ","))
}

// outputName turns a parameter's name into an output's: "role-arn/fluent-bit"
// becomes "RoleArnFluentBit".
func outputName(key string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(key, func(r rune) bool { return r == '-' || r == '/' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
