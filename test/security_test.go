package test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/cdktest"
	"github.com/fintrack/platform/stacks"
)

// TestCdkNag runs cdk-nag's AwsSolutions rules over everything that can be
// switched on.
func TestCdkNag(t *testing.T) {
	for _, mode := range []string{config.NATInstance, config.NATGatewayPerZone} {
		env := everythingOn()
		env.Network.NAT.Mode = mode
		for _, message := range nag(t, func(app cdk.App) { stacks.Add(app, env) }) {
			t.Errorf("%s: %s", mode, message)
		}
	}
}

// TestCdkNagCanFail shows that a finding would be seen.
func TestCdkNagCanFail(t *testing.T) {
	found := nag(t, func(app cdk.App) {
		stack := cdk.NewStack(app, jsii.String("Open"), nil)
		ec2.NewCfnSecurityGroup(stack, jsii.String("Group"), &ec2.CfnSecurityGroupProps{
			GroupDescription:     jsii.String("open to the world"),
			SecurityGroupIngress: []any{&ec2.CfnSecurityGroup_IngressProperty{IpProtocol: jsii.String("-1"), CidrIp: jsii.String("0.0.0.0/0")}},
		})
	})
	if !strings.Contains(strings.Join(found, "\n"), "AwsSolutions-EC23") {
		t.Errorf("an open security group was not found: %q", found)
	}
}

// nag synthesizes what build makes below cdk-nag and returns its findings. The
// rules speak by annotations, which CDK puts into the validation report.
func nag(t *testing.T, build func(cdk.App)) []string {
	t.Helper()
	dir := t.TempDir()
	app, err := cdkapp.New(cdkapp.Options{Outdir: dir, Unvalidated: true})
	if err != nil {
		t.Fatal(err)
	}
	// Otherwise CDK prints findings and panics.
	app.Node().SetContext(jsii.String("@aws-cdk/core:failSynthOnValidationErrors"), false)
	build(app)
	cdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Verbose: jsii.Bool(true)}), nil)
	app.Synth(nil)
	return reportFindings(t, filepath.Join(dir, "validation-report.json"))
}

// reportFindings lists everything in a CDK validation report. A report that is
// missing is an empty one: CDK writes it only when a plugin ran.
func reportFindings(t *testing.T, file string) []string {
	t.Helper()
	matches, err := filepath.Glob(file)
	if err != nil || len(matches) == 0 {
		return nil
	}
	var report struct {
		PluginReports []struct {
			PluginName string `json:"pluginName"`
			Violations []struct {
				RuleName    string `json:"ruleName"`
				Description string `json:"description"`
				Severity    string `json:"severity"`
				Constructs  []struct {
					Path string `json:"constructPath"`
				} `json:"violatingConstructs"`
			} `json:"violations"`
		} `json:"pluginReports"`
	}
	if err := json.Unmarshal(readFile(t, file), &report); err != nil {
		t.Fatal(err)
	}
	var findings []string
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			findings = append(findings, fmt.Sprintf("%s: %s %s: %s %v", plugin.PluginName, v.Severity, v.RuleName, v.Description, v.Constructs))
		}
	}
	return findings
}

// TestEverySuppressionHasAReason looks for suppressions without a reason, or
// with one that says nothing.
func TestEverySuppressionHasAReason(t *testing.T) {
	seen := 0
	for _, env := range environments(t) {
		for _, r := range env.resources("") {
			rules, _ := cdktest.At(r.Metadata, "cdk_nag.rules_to_suppress").([]any)
			for _, rule := range rules {
				seen++
				if reason, _ := cdktest.At(rule, "reason").(string); len(strings.Fields(reason)) < 8 {
					t.Errorf("%s: the reason for %v is %q", r, cdktest.At(rule, "id"), reason)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no suppression was found; the metadata's shape must have changed")
	}
}

// What follows are our own rules: cdk-nag does not look at awseksv2, and some
// rules it does not have.

func TestNoResourceIsOpenToTheWorld(t *testing.T) {
	for _, env := range environments(t) {
		for _, r := range env.resources("") {
			var rules []any
			switch r.Type {
			case "AWS::EC2::SecurityGroup":
				rules, _ = r.At("SecurityGroupIngress").([]any)
			case "AWS::EC2::SecurityGroupIngress":
				rules = []any{r.Properties}
			}
			for _, rule := range rules {
				for _, key := range []string{"CidrIp", "CidrIpv6"} {
					if cidr, _ := cdktest.At(rule, key).(string); strings.HasSuffix(cidr, "/0") {
						t.Errorf("%s admits %s", r, cidr)
					}
				}
			}
			if public := r.At("PubliclyAccessible"); public == true {
				t.Errorf("%s is publicly accessible", r)
			}
		}
	}
}

func TestMachinesAreHardened(t *testing.T) {
	seen := 0
	for _, env := range environments(t) {
		for _, r := range env.resources("AWS::EC2::LaunchTemplate") {
			seen++
			r.Want(t, "LaunchTemplateData.MetadataOptions.HttpTokens", "required")
			r.Want(t, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 1)
			r.Want(t, "LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted", true)
			if key := r.At("LaunchTemplateData.KeyName"); key != nil {
				t.Errorf("%s has an SSH key %v", r, key)
			}
		}
		if n := len(env.resources("AWS::EC2::Instance")); n != 0 {
			t.Errorf("%s: there are %d machines that nobody would replace", env.Name, n)
		}
		for _, r := range append(env.resources("AWS::AutoScaling::AutoScalingGroup"), env.resources("AWS::EKS::Nodegroup")...) {
			if r.At("LaunchTemplate") == nil {
				t.Errorf("%s has no launch template", r)
			}
			if r.At("KeyName") != nil || r.At("RemoteAccess") != nil {
				t.Errorf("%s has SSH access", r)
			}
		}
	}
	if seen != 4 {
		t.Errorf("%d launch templates were seen, want NAT and nodes of two environments", seen)
	}
}

var anyLog = []string{"api", "audit", "authenticator", "controllerManager", "scheduler"}

func TestClusterIsHardened(t *testing.T) {
	for _, env := range environments(t) {
		cluster := env.cluster().Only(t, "AWS::EKS::Cluster")
		var logs []string
		types, _ := cluster.At("Logging.ClusterLogging.EnabledTypes").([]any)
		for _, entry := range types {
			name, _ := cdktest.At(entry, "Type").(string)
			logs = append(logs, name)
		}
		slices.Sort(logs)
		if !slices.Equal(logs, anyLog) {
			t.Errorf("%s logs %v, want %v", env.Name, logs, anyLog)
		}
		key := env.cluster().Only(t, "AWS::KMS::Key")
		key.Want(t, "EnableKeyRotation", true)
		cluster.Want(t, "EncryptionConfig.0.Resources.0", "secrets")
		cluster.Want(t, "EncryptionConfig.0.Provider.KeyArn.Fn::GetAtt.0", key.LogicalID)
		cluster.Want(t, "ResourcesVpcConfig.EndpointPrivateAccess", true)
		cluster.Want(t, "DeletionProtection", env.Cluster.DeletionProtection)
		cluster.Want(t, "AccessConfig.AuthenticationMode", "API")
		cluster.Want(t, "AccessConfig.BootstrapClusterCreatorAdminPermissions", false)
	}
	staging(t).cluster().Only(t, "AWS::EKS::Cluster").Want(t, "ResourcesVpcConfig.EndpointPublicAccess", true)
	everything(t).cluster().Only(t, "AWS::EKS::Cluster").Want(t, "ResourcesVpcConfig.EndpointPublicAccess", false)
}

// TestPoliciesAreNarrow looks at every policy statement of every role. A bare
// "*" as resource is allowed for read calls, the load balancer controller's web
// ACLs, and measurements in one namespace only, a bare "*" as action never. Where
// the NAT's statements end is tested beside the document.
func TestPoliciesAreNarrow(t *testing.T) {
	mayBeAnywhere := regexp.MustCompile(`^(ec2:(Describe|Get)|elasticloadbalancing:Describe|acm:(Describe|List)|cognito-idp:Describe|iam:(Get|List)|shield:(Describe|Get)|wafv2:)`)
	seen := 0
	for _, env := range environments(t) {
		for _, role := range env.resources("AWS::IAM::Role") {
			policies, _ := role.At("Policies").([]any)
			for i := range policies {
				statements, _ := role.At(fmt.Sprintf("Policies.%d.PolicyDocument.Statement", i)).([]any)
				for _, statement := range statements {
					seen++
					narrow(t, role, statement, mayBeAnywhere)
				}
			}
		}
	}
	if seen < 40 {
		t.Errorf("%d statements were seen, want all of the load balancer controller and more", seen)
	}
}

func narrow(t *testing.T, role stackResource, statement any, mayBeAnywhere *regexp.Regexp) {
	t.Helper()
	for _, key := range []string{"NotAction", "NotResource", "NotPrincipal"} {
		if cdktest.At(statement, key) != nil {
			t.Errorf("%s: a statement uses %s", role, key)
		}
	}
	for _, action := range list(cdktest.At(statement, "Action")) {
		if strings.Contains(action, "*") {
			t.Errorf("%s: a statement allows %s", role, action)
		}
		measures := action == "cloudwatch:PutMetricData" && cdktest.At(statement, "Condition.StringEquals.cloudwatch:namespace") != nil
		if slices.Contains(list(cdktest.At(statement, "Resource")), "*") && !mayBeAnywhere.MatchString(action) && !measures {
			t.Errorf("%s: a statement allows %s on everything", role, action)
		}
	}
}

// list is a policy element, which may be one string or several.
func list(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, element := range v {
			s, _ := element.(string)
			all = append(all, s)
		}
		return all
	}
	return nil
}

// TestRolesTrustNobodyElse looks at every trust policy that is not of a pod
// (those are in TestSeamTrust): AWS services on behalf of this account only,
// and named people.
func TestRolesTrustNobodyElse(t *testing.T) {
	account := `{"Fn::Sub":"${AWS::AccountId}"}`
	service := func(name string) string {
		return `{"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":` + account + `}},"Effect":"Allow","Principal":{"Service":"` + name + `"}}`
	}
	// EC2 sends no source account.
	machine := `{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}`
	want := map[string]string{
		"flow-logs": service("vpc-flow-logs.amazonaws.com"),
		"cluster":   service("eks.amazonaws.com"),
		"nat":       machine,
		"nodes":     machine,
		"cluster-admin": `{"Action":"sts:AssumeRole","Condition":{"ArnLike":{"aws:PrincipalArn":[{"Fn::Sub":` +
			`"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_AdministratorAccess_*"}]}},` +
			`"Effect":"Allow","Principal":{"AWS":{"Fn::Sub":"arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}}`,
	}
	for _, env := range environments(t) {
		for _, role := range env.resources("AWS::IAM::Role") {
			if role.At("AssumeRolePolicyDocument.Fn::Sub") != nil {
				continue
			}
			part := strings.TrimPrefix(fmt.Sprint(role.At("RoleName")), env.contract.Prefix+"-")
			if got := cdktest.Show(role.At("AssumeRolePolicyDocument.Statement")); got != "["+want[part]+"]" {
				t.Errorf("%s %s trusts %s, want %s", role, part, got, want[part])
			}
		}
	}
}

// TestInlinePoliciesAreAFixedList counts the statements of each role's own
// policies; what they say is tested beside the documents.
func TestInlinePoliciesAreAFixedList(t *testing.T) {
	want := map[string]map[string]int{
		"nat":              {"be-the-nat": 8},
		"flow-logs":        {"write-flow-logs": 1},
		"cluster-admin":    {"make-a-kubeconfig": 1},
		"external-secrets": {"fintrack-staging-external-secrets": 1},
		"fluent-bit":       {"fintrack-staging-fluent-bit": 1},
		"alb-controller":   {"fintrack-staging-alb-controller": 17},
	}
	for _, env := range environments(t) {
		for _, role := range env.resources("AWS::IAM::Role") {
			part := strings.TrimPrefix(fmt.Sprint(role.At("RoleName")), env.contract.Prefix+"-")
			if slices.ContainsFunc(env.Workloads, func(w config.Workload) bool { return w.Name == part }) {
				continue // its permissions stand in the environment
			}
			got := map[string]int{}
			policies, _ := role.At("Policies").([]any)
			for _, policy := range policies {
				statements, _ := cdktest.At(policy, "PolicyDocument.Statement").([]any)
				got[fmt.Sprint(cdktest.At(policy, "PolicyName"))] = len(statements)
			}
			if !maps.Equal(got, want[part]) {
				t.Errorf("%s %s has the policies %v, want %v", role, part, got, want[part])
			}
		}
	}
}

// TestAlarmsAreHeard: the topic takes messages from this account's alarms and
// Auto Scaling, and from nobody without TLS.
func TestAlarmsAreHeard(t *testing.T) {
	for _, env := range environments(t) {
		topic := env.alarms().Only(t, "AWS::SNS::Topic")
		policy := env.alarms().Only(t, "AWS::SNS::TopicPolicy")
		policy.Want(t, "Topics", []any{map[string]any{"Ref": topic.LogicalID}})
		statements, _ := policy.At("PolicyDocument.Statement").([]any)
		if len(statements) != 3 {
			t.Errorf("%s: the topic's policy has %d statements, want 3", env.Name, len(statements))
		}
		for _, statement := range statements {
			everybody := strings.Contains(cdktest.Show(cdktest.At(statement, "Principal")), `"*"`)
			if denies := cdktest.At(statement, "Effect") == "Deny"; denies != everybody || cdktest.At(statement, "Condition") == nil {
				t.Errorf("%s: the topic's policy says %s", env.Name, cdktest.Show(statement))
			}
		}
	}
}

// TestManagedPoliciesAreAFixedList keeps AWS' broad policies out.
func TestManagedPoliciesAreAFixedList(t *testing.T) {
	allowed := map[string][]string{
		"nat":     {"AmazonSSMManagedInstanceCore"},
		"cluster": {"AmazonEKSClusterPolicy"},
		"nodes":   {"AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy", "AmazonSSMManagedInstanceCore"},
		"vpc-cni": {"AmazonEKS_CNI_Policy"},
		"ebs-csi": {"service-role/AmazonEBSCSIDriverPolicy"},
	}
	for _, env := range environments(t) {
		for _, role := range env.resources("AWS::IAM::Role") {
			name, _ := role.At("RoleName").(string)
			part := strings.TrimPrefix(name, env.contract.Prefix+"-")
			var got []string
			arns, _ := role.At("ManagedPolicyArns").([]any)
			for _, arn := range arns {
				text, _ := cdktest.At(arn, "Fn::Sub").(string)
				got = append(got, strings.TrimPrefix(text, "arn:${AWS::Partition}:iam::aws:policy/"))
			}
			slices.Sort(got)
			if !slices.Equal(got, allowed[part]) {
				t.Errorf("%s %s has the managed policies %v, want %v", role, name, got, allowed[part])
			}
		}
	}
}

// TestPodsMeetTheRestrictedStandard checks every pod template against the
// fields that Pod Security "restricted" demands, and the two that we add: a
// read-only root file system and a numeric user.
func TestPodsMeetTheRestrictedStandard(t *testing.T) {
	seen := 0
	for _, env := range environments(t) {
		for _, o := range env.ofKind("Deployment") {
			seen++
			spec := "spec.template.spec."
			want(t, o, spec+"securityContext.runAsNonRoot", true)
			want(t, o, spec+"securityContext.runAsUser", float64(1001))
			want(t, o, spec+"securityContext.runAsGroup", float64(1001))
			want(t, o, spec+"securityContext.seccompProfile.type", "RuntimeDefault")
			want(t, o, spec+"automountServiceAccountToken", false)
			for _, field := range []string{"hostNetwork", "hostPID", "hostIPC"} {
				want(t, o, spec+field, nil)
			}
			containers, _ := o.at(spec + "containers").([]any)
			for i := range containers {
				context := fmt.Sprintf("%scontainers.%d.securityContext.", spec, i)
				want(t, o, context+"allowPrivilegeEscalation", false)
				want(t, o, context+"readOnlyRootFilesystem", true)
				want(t, o, context+"runAsNonRoot", true)
				want(t, o, context+"privileged", nil)
				want(t, o, context+"capabilities.drop.0", "ALL")
				want(t, o, context+"capabilities.add", nil)
			}
			volumes, _ := o.at(spec + "volumes").([]any)
			for _, volume := range volumes {
				if cdktest.At(volume, "emptyDir") == nil {
					t.Errorf("%s has a volume that is no emptyDir: %s", o.file, cdktest.Show(volume))
				}
			}
		}
		namespace := env.object(t, "Namespace", env.Namespace)
		for _, mode := range []string{"enforce", "audit", "warn"} {
			if got := namespace.labels("metadata.labels")["pod-security.kubernetes.io/"+mode]; got != "restricted" {
				t.Errorf("%s: namespace %s has %s %q, want restricted", env.Name, env.Namespace, mode, got)
			}
		}
	}
	if seen != 3 {
		t.Errorf("%d Deployments were seen, want one of staging and two of everything", seen)
	}
}

// TestEveryNamespaceIsClosed: each namespace that is rendered has a policy that
// selects every pod in both directions, so that what no policy lists is denied.
func TestEveryNamespaceIsClosed(t *testing.T) {
	for _, env := range environments(t) {
		closed := map[string]bool{}
		for _, policy := range env.ofKind("NetworkPolicy") {
			if cdktest.Show(policy.at("spec.podSelector")) == "{}" && cdktest.Show(policy.at("spec.policyTypes")) == `["Ingress","Egress"]` {
				closed[policy.namespace] = true
			}
			cdktest.Walk(policy.at("spec"), func(path string, value any) {
				if strings.HasSuffix(path, "ipBlock") && cdktest.At(value, "cidr") == "0.0.0.0/0" &&
					!strings.Contains(cdktest.Show(cdktest.At(value, "except")), `"169.254.0.0/16"`) {
					t.Errorf("%s: %s reaches the instance metadata", policy.file, path)
				}
			})
		}
		namespaces := env.ofKind("Namespace")
		if len(namespaces) != 3 {
			t.Errorf("%s: there are %d namespaces, want 3", env.Name, len(namespaces))
		}
		for _, namespace := range namespaces {
			if !closed[namespace.name] {
				t.Errorf("%s: nothing closes namespace %s", env.Name, namespace.name)
			}
		}
	}
}

// want fails the test unless an object has a value at a path.
func want(t *testing.T, o object, path string, value any) {
	t.Helper()
	if got := o.at(path); cdktest.Show(got) != cdktest.Show(value) {
		t.Errorf("%s: %s is %s, want %s", o.file, path, cdktest.Show(got), cdktest.Show(value))
	}
}

// TestNoSecretValueIsInTheResults looks for secret values in both planes.
func TestNoSecretValueIsInTheResults(t *testing.T) {
	for _, env := range environments(t) {
		for _, r := range env.resources("AWS::SecretsManager::Secret") {
			if r.At("SecretString") != nil {
				t.Errorf("%s holds its value", r)
			}
		}
		for _, r := range env.resources("AWS::RDS::DBInstance") {
			if password := cdktest.Show(r.At("MasterUserPassword")); !strings.Contains(password, "resolve:secretsmanager:") {
				t.Errorf("%s: the password is %s, want a reference to a secret", r, password)
			}
		}
		if secrets := env.ofKind("Secret"); len(secrets) > 0 {
			t.Errorf("%s: %d Secrets are rendered, they belong to External Secrets", env.Name, len(secrets))
		}
	}
}
