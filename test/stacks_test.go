package test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/internal/cdktest"
)

// TestStacksStandSideBySide pins the names that people type.
func TestStacksStandSideBySide(t *testing.T) {
	want := []string{"FinTrackStaging", "FinTrackStagingAlarms", "FinTrackStagingCluster", "FinTrackStagingIdentity", "FinTrackStagingNetwork", "FinTrackStagingRegistry"}
	if got := stacksOf(t, staging(t).assembly); !slices.Equal(got, want) {
		t.Errorf("staging has the stacks %v, want %v", got, want)
	}
	want = slices.Sorted(slices.Values(append(want, "FinTrackStagingDatabase")))
	if got := stacksOf(t, everything(t).assembly); !slices.Equal(got, want) {
		t.Errorf("with a database the stacks are %v, want %v", got, want)
	}
}

// TestFrontDoorDependsOnAllOthers is what makes `cdk deploy FinTrackStaging`
// deploy everything.
func TestFrontDoorDependsOnAllOthers(t *testing.T) {
	for _, env := range environments(t) {
		manifest := readManifest(t, env.assembly)
		front := env.contract.Stacks.Platform
		reached := map[string]bool{}
		var visit func(string)
		visit = func(stack string) {
			if !reached[stack] {
				reached[stack] = true
				for _, dependency := range manifest.Artifacts[stack].Dependencies {
					visit(dependency)
				}
			}
		}
		visit(front)
		for stack := range env.templates {
			if !reached[stack] {
				t.Errorf("%s: deploying %s would leave out %s", env.Name, front, stack)
			}
		}
		if n := len(env.platform().OfType("AWS::SSM::Parameter")); n == 0 {
			t.Errorf("%s has no resource of its own, the CLI would skip it", front)
		}
	}
}

type manifest struct {
	Artifacts map[string]struct {
		Type         string   `json:"type"`
		Environment  string   `json:"environment"`
		Dependencies []string `json:"dependencies"`
		Properties   struct {
			TerminationProtection bool              `json:"terminationProtection"`
			Tags                  map[string]string `json:"tags"`
			StackName             string            `json:"stackName"`
		} `json:"properties"`
	} `json:"artifacts"`
}

func readManifest(t *testing.T, assembly string) manifest {
	t.Helper()
	var m manifest
	if err := json.Unmarshal(readFile(t, filepath.Join(assembly, "manifest.json")), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestStacksArePinnedToAccountRegionAndTags reads what the CLI will deploy.
func TestStacksArePinnedToAccountRegionAndTags(t *testing.T) {
	for _, env := range environments(t) {
		m := readManifest(t, env.assembly)
		for stack := range env.templates {
			artifact := m.Artifacts[stack]
			if want := "aws://" + env.Account + "/" + env.Region; artifact.Environment != want {
				t.Errorf("%s is deployed to %s, want %s", stack, artifact.Environment, want)
			}
			if artifact.Properties.TerminationProtection != env.TerminationProtection {
				t.Errorf("%s: termination protection is %v", stack, artifact.Properties.TerminationProtection)
			}
			for key, value := range map[string]string{
				"project": env.Project, "environment": env.Name, "owner": env.Owner, "repository": env.Repository,
			} {
				if got := artifact.Properties.Tags[key]; got != value {
					t.Errorf("%s: tag %s is %q, want %q", stack, key, got, value)
				}
			}
		}
	}
}

// TestTemplatesHoldNoLambdaAndNoCustomResource keeps out what hangs deletes and
// times out.
func TestTemplatesHoldNoLambdaAndNoCustomResource(t *testing.T) {
	for _, env := range environments(t) {
		for _, r := range env.resources("") {
			if strings.HasPrefix(r.Type, "AWS::Lambda::") || strings.HasPrefix(r.Type, "Custom::") ||
				r.Type == "AWS::CloudFormation::CustomResource" || r.Type == "AWS::CDK::Metadata" {
				t.Errorf("%s does not belong into a template", r)
			}
		}
	}
}

// TestTemplatesNameNoPartitionAndNoDummy: an ARN takes its partition from
// AWS::Partition, and zones come from the configuration and not from a lookup
// that has not run. ARNs that the configuration itself gives are not ours.
func TestTemplatesNameNoPartitionAndNoDummy(t *testing.T) {
	partition := regexp.MustCompile(`arn:aws(-cn|-us-gov)?:`)
	for _, env := range environments(t) {
		for _, r := range env.resources("") {
			cdktest.Walk(r.Properties, func(path string, value any) {
				text, ok := value.(string)
				if !ok || slices.Contains(env.Cluster.Admins, text) {
					return
				}
				if partition.MatchString(text) {
					t.Errorf("%s: %s names a partition: %s", r, path, text)
				}
				if strings.Contains(text, "dummy") {
					t.Errorf("%s: %s is %q", r, path, text)
				}
			})
		}
	}
}

// TestStatefulResourcesAreKept: what cannot be made again, or what somebody
// outside relies on, survives its stack and a replacement.
func TestStatefulResourcesAreKept(t *testing.T) {
	policy := map[string]string{
		"AWS::EC2::EIP":        "Retain",
		"AWS::KMS::Key":        "Retain",
		"AWS::RDS::DBInstance": "Snapshot",
		// With a fixed name: kept, but for a first deployment that fails, or the
		// second would find the name taken.
		"AWS::ECR::Repository":        "RetainExceptOnCreate",
		"AWS::Logs::LogGroup":         "RetainExceptOnCreate",
		"AWS::SecretsManager::Secret": "RetainExceptOnCreate",
	}
	seen := map[string]bool{}
	for _, env := range environments(t) {
		for _, r := range env.resources("") {
			want, stateful := policy[r.Type]
			if !stateful {
				continue
			}
			seen[r.Type] = true
			replaced := strings.TrimSuffix(want, "ExceptOnCreate")
			if r.DeletionPolicy != want || r.UpdateReplacePolicy != replaced {
				t.Errorf("%s: DeletionPolicy is %q and UpdateReplacePolicy %q, want %q and %q", r, r.DeletionPolicy, r.UpdateReplacePolicy, want, replaced)
			}
		}
	}
	if len(seen) != len(policy) {
		t.Errorf("only %v were seen of %v", seen, policy)
	}
}

// TestLogicalIDsOfStatefulResources pins the ids whose change would make
// CloudFormation replace what must not be replaced. A red test here is a
// breaking change: find another way.
func TestLogicalIDsOfStatefulResources(t *testing.T) {
	for _, pin := range []struct{ stack, resourceType, path, value, id string }{
		{"FinTrackStagingNetwork", "AWS::EC2::VPC", "CidrBlock", "10.0.0.0/16", "NetworkVpcFAC8F4A5"},
		{"FinTrackStagingNetwork", "AWS::EC2::EIP", "Domain", "vpc", "NatAddressF1394B9A"},
		{"FinTrackStagingNetwork", "AWS::EC2::Subnet", "CidrBlock", "10.0.1.0/24", "NetworkPrivateSubneta210F5115"},
		{"FinTrackStagingNetwork", "AWS::Logs::LogGroup", "LogGroupName", "/aws/vpc/fintrack-staging/flow-logs", "NetworkFlowLogGroup2F434731"},
		{"FinTrackStagingCluster", "AWS::EKS::Cluster", "Name", "fintrack-staging", "Cluster3DA9CCBA"},
		{"FinTrackStagingCluster", "AWS::KMS::Key", "EnableKeyRotation", "true", "ClusterSecretsKey0735A163"},
		{"FinTrackStagingCluster", "AWS::IAM::OIDCProvider", "ClientIdList.0", "sts.amazonaws.com", "ClusterOidcProvider7184AB77"},
		{"FinTrackStagingCluster", "AWS::Logs::LogGroup", "LogGroupName", "/aws/eks/fintrack-staging/cluster", "ClusterLogGroup8C375F5E"},
		{"FinTrackStagingDatabase", "AWS::RDS::DBInstance", "Engine", "postgres", "DatabaseInstance02E622FB"},
		{"FinTrackStagingDatabase", "AWS::SecretsManager::Secret", "Name", "fintrack/postgres", "DatabaseSecretC9203AE3"},
		{"FinTrackStagingIdentity", "AWS::SecretsManager::Secret", "Name", "fintrack/mongodb-uri", "SecretmongodburiSecretBF51F879"},
		{"FinTrackStagingIdentity", "AWS::Logs::LogGroup", "LogGroupName", "/fintrack/staging/application", "LogsapplicationGroupFFFCDCFE"},
		{"FinTrackStagingIdentity", "AWS::Logs::LogGroup", "LogGroupName", "/fintrack/staging/platform", "LogsplatformGroup8D6B3BAE"},
		{"FinTrackStagingRegistry", "AWS::ECR::Repository", "RepositoryName", "fintrack/web", "RepositorywebRepository2D3A7877"},
	} {
		var ids []string
		for _, r := range everything(t).templates[pin.stack].OfType(pin.resourceType) {
			if fmt.Sprint(r.At(pin.path)) == pin.value {
				ids = append(ids, r.LogicalID)
			}
		}
		if !slices.Equal(ids, []string{pin.id}) {
			t.Errorf("%s: the %s with %s %s has the logical id %v, want %s", pin.stack, pin.resourceType, pin.path, pin.value, ids, pin.id)
		}
	}
}

// TestOutputsSayWhatOnlyAWSKnows checks outputs and parameters of the front
// door against each other and against what they refer to.
func TestOutputsSayWhatOnlyAWSKnows(t *testing.T) {
	for _, env := range environments(t) {
		front := env.platform()
		want := []string{
			"AdminRoleArn", "AlarmTopicArn", "ClusterEndpoint", "ClusterName", "KubeconfigCommand", "NatAddress", "OidcIssuer",
			"RoleArnAlbController", "RoleArnExternalSecrets", "RoleArnFluentBit", "VpcId",
		}
		for _, workload := range env.Workloads {
			name := strings.ToUpper(workload.Name[:1]) + workload.Name[1:]
			want = append(want, "RepositoryUri"+name, "RoleArn"+name)
		}
		if env.Database.Enabled {
			want = append(want, "DatabaseEndpoint")
		}
		for _, name := range want {
			output, ok := front.Outputs[name]
			if !ok {
				t.Errorf("%s has no output %s", front.Stack, name)
				continue
			}
			if output.Description == "" {
				t.Errorf("output %s has no description", name)
			}
			if name == "KubeconfigCommand" {
				command := cdktest.Show(output.Value)
				if !strings.Contains(command, "aws eks update-kubeconfig --region ${AWS::Region} --name "+env.contract.Cluster+" --role-arn ") {
					t.Errorf("the kubeconfig command is %s", command)
				}
				continue
			}
			if !hasParameter(front, output.Value) {
				t.Errorf("output %s is not in SSM too", name)
			}
		}
		if len(front.Outputs) != len(want) {
			t.Errorf("%s has %d outputs, want the %d of this test", front.Stack, len(front.Outputs), len(want))
		}
		for _, parameter := range front.OfType("AWS::SSM::Parameter") {
			if name := fmt.Sprint(parameter.At("Name")); !strings.HasPrefix(name, "/fintrack/staging/platform/") {
				t.Errorf("the parameter %s lies outside of the platform's path", name)
			}
		}
	}
}

func hasParameter(front cdktest.Template, value any) bool {
	for _, parameter := range front.OfType("AWS::SSM::Parameter") {
		if cdktest.Show(parameter.At("Value")) == cdktest.Show(value) {
			return true
		}
	}
	return false
}

// TestOutputsReferToTheRightResource follows the references of a few outputs
// through the exports of the other stacks.
func TestOutputsReferToTheRightResource(t *testing.T) {
	env := everything(t)
	for output, want := range map[string]struct{ stack, resourceType, attribute string }{
		"AlarmTopicArn":    {env.contract.Stacks.Alarms, "AWS::SNS::Topic", "Ref"},
		"VpcId":            {env.contract.Stacks.Network, "AWS::EC2::VPC", "Ref"},
		"NatAddress":       {env.contract.Stacks.Network, "AWS::EC2::EIP", "PublicIp"},
		"ClusterEndpoint":  {env.contract.Stacks.Cluster, "AWS::EKS::Cluster", "Endpoint"},
		"ClusterName":      {env.contract.Stacks.Cluster, "AWS::EKS::Cluster", "Ref"},
		"RepositoryUriWeb": {env.contract.Stacks.Registry, "AWS::ECR::Repository", "RepositoryUri"},
		"RoleArnFluentBit": {env.contract.Stacks.Identity, "AWS::IAM::Role", "Arn"},
		"DatabaseEndpoint": {env.contract.Stacks.Database, "AWS::RDS::DBInstance", "Endpoint.Address"},
	} {
		r, attribute := env.resolve(t, env.platform().Outputs[output].Value)
		if r.stack != want.stack || r.Type != want.resourceType || attribute != want.attribute {
			t.Errorf("output %s is %s of %s, want %s of a %s in %s", output, attribute, r, want.attribute, want.resourceType, want.stack)
		}
	}
	issuer := env.platform().Outputs["OidcIssuer"].Value
	if index := cdktest.At(issuer, "Fn::Select.0"); index != 1.0 {
		t.Errorf("the issuer is %s, want what stands behind the scheme", cdktest.Show(issuer))
	}
	if r, attribute := env.resolve(t, cdktest.At(issuer, "Fn::Select.1.Fn::Split.1")); r.Type != "AWS::EKS::Cluster" || attribute != "OpenIdConnectIssuerUrl" {
		t.Errorf("the issuer is %s of %s", attribute, r)
	}
	if r, _ := env.resolve(t, env.platform().Outputs["AdminRoleArn"].Value); r.At("RoleName") != "fintrack-staging-cluster-admin" {
		t.Errorf("AdminRoleArn is that of %v", r.At("RoleName"))
	}
	if r, _ := env.resolve(t, env.platform().Outputs["RepositoryUriWeb"].Value); r.At("RepositoryName") != "fintrack/web" {
		t.Errorf("RepositoryUriWeb is that of %v", r.At("RepositoryName"))
	}
	if r, _ := env.resolve(t, env.platform().Outputs["RoleArnFluentBit"].Value); r.At("RoleName") != "fintrack-staging-fluent-bit" {
		t.Errorf("RoleArnFluentBit is that of %v", r.At("RoleName"))
	}
}

// resolve follows Fn::ImportValue, Ref and Fn::GetAtt to the resource.
func (e *environment) resolve(t *testing.T, value any) (stackResource, string) {
	t.Helper()
	export, _ := cdktest.At(value, "Fn::ImportValue").(string)
	stack, _, _ := strings.Cut(export, ":")
	for _, output := range e.templates[stack].Outputs {
		if cdktest.At(output.Export, "Name") != export {
			continue
		}
		if id, ok := cdktest.At(output.Value, "Ref").(string); ok {
			return stackResource{stack, e.templates[stack].Resources[id]}, "Ref"
		}
		id, _ := cdktest.At(output.Value, "Fn::GetAtt.0").(string)
		attribute, _ := cdktest.At(output.Value, "Fn::GetAtt.1").(string)
		return stackResource{stack, e.templates[stack].Resources[id]}, attribute
	}
	t.Errorf("%s leads nowhere", cdktest.Show(value))
	return stackResource{}, ""
}
