package stacks

import (
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/constructs/loggroup"
	"github.com/fintrack/platform/constructs/policy"
	"github.com/fintrack/platform/constructs/secret"
	"github.com/fintrack/platform/constructs/workloadrole"
	"github.com/fintrack/platform/contract"
	"github.com/fintrack/platform/internal/nag"
)

type identityStack struct {
	// roles by the name under which their ARNs are published.
	roles map[string]*workloadrole.WorkloadRole
}

// identity makes the roles of the pods, and beside them the secrets and log
// groups that they are about: who may touch what is one template.
func (e environment) identity(name string, cluster clusterStack) identityStack {
	stack := e.stack(name, "roles of the pods, secrets and log groups")
	roles := map[string]*workloadrole.WorkloadRole{}
	role := func(id string, identity contract.Identity, document any, accepted ...nag.Acceptance) {
		roles[id] = workloadrole.New(stack, "Role-"+id, workloadrole.Props{
			Name:        identity.Role,
			Description: "Pods of " + identity.Namespace + "/" + identity.ServiceAccount + " in " + e.contract.Cluster,
			Cluster:     cluster.cluster,
			Subject:     identity.Subject(),
			Audience:    contract.TokenAudience,
			Policy:      document,
			Accepted:    accepted,
		})
	}
	wildcard := func(resource, reason string) nag.Acceptance {
		return nag.Acceptance{Rule: "AwsSolutions-IAM5", Finding: resource, Reason: reason}
	}

	role("external-secrets", e.contract.ExternalSecrets(),
		policy.Document(policy.ExternalSecrets, map[string]string{"SecretPrefix": e.env.Secrets.Prefix}),
		wildcard("Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:"+e.env.Secrets.Prefix+"/*",
			"The wildcard is the path that belongs to the workloads; Secrets Manager adds six random characters to every ARN."))
	role("fluent-bit", e.contract.FluentBit(),
		policy.Document(policy.FluentBit, map[string]string{"LogPrefix": e.env.Logs.Prefix}),
		wildcard("Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:"+e.env.Logs.Prefix+"/*",
			"The wildcard is the path that belongs to the workloads' log groups and the streams in them, which are named after pods."))
	role("alb-controller", e.contract.ALBController(),
		policy.Document(policy.ALBController, map[string]string{"ClusterName": e.contract.Cluster}),
		wildcard("", "Describe calls take no resource; everything that changes something is bound to this region, account and the cluster's tag."))
	for _, workload := range e.env.Workloads {
		role(workload.Name, e.contract.Workload(workload.Name), permissions(workload), accepted(workload)...)
	}

	for _, s := range e.secrets() {
		secret.New(stack, "Secret-"+s.Secret, secret.Props{
			Name:        e.contract.SecretPath(s.Secret),
			Description: s.Description,
		})
	}
	for _, group := range e.env.Logs.Groups {
		loggroup.New(stack, "Logs-"+group.Name, loggroup.Props{
			Name:          e.contract.LogGroup(group.Name),
			RetentionDays: group.RetentionDays,
		})
	}
	return identityStack{roles: roles}
}

// secrets lists the secrets of all workloads, each once and without the
// database's login, which the database makes itself.
func (e environment) secrets() []config.SecretVariable {
	var list []config.SecretVariable
	seen := map[string]bool{config.DatabaseSecret: true}
	for _, workload := range e.env.Workloads {
		for _, s := range workload.Secrets {
			if !seen[s.Secret] {
				seen[s.Secret] = true
				list = append(list, s)
			}
		}
	}
	return list
}

// permissions is the policy of a workload's role; nil without permissions.
func permissions(workload config.Workload) any {
	if len(workload.Permissions) == 0 {
		return nil
	}
	var statements []policy.Statement
	for _, p := range workload.Permissions {
		statements = append(statements, policy.Statement{Actions: p.Actions, Resources: p.Resources})
	}
	return policy.Allow(statements...)
}

// accepted says that wildcards in a workload's permissions were reviewed where
// they are written.
func accepted(workload config.Workload) []nag.Acceptance {
	if len(workload.Permissions) == 0 {
		return nil
	}
	return []nag.Acceptance{{
		Rule:   "AwsSolutions-IAM5",
		Reason: "The permissions stand in the environment's configuration, where bare wildcards are refused and each line is reviewed.",
	}}
}
