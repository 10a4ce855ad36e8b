package cluster_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/cluster"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func shop() cluster.Props {
	return cluster.Props{
		Name:             "shop",
		Version:          "1.35",
		SubnetIDs:        []*string{jsii.String("subnet-a"), jsii.String("subnet-b")},
		ServiceCIDR:      "172.21.0.0/16",
		LogGroup:         "/aws/eks/shop/cluster",
		LogRetentionDays: 30,
		Role:             "shop-cluster",
		AdminRole:        "shop-cluster-admin",
		AdminPrincipals:  []string{"role/ops/*", "user/eve"},
	}
}

func synth(t *testing.T, props cluster.Props) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		c := cluster.New(stack, "Cluster", props)
		if c.Name() != props.Name {
			t.Errorf("Name is %q, want %q", c.Name(), props.Name)
		}
		for id, value := range map[string]*string{
			"Resource":        c.Resource().Ref(),
			"Endpoint":        c.Endpoint(),
			"SecurityGroupID": c.SecurityGroupID(),
			"OIDCProvider":    c.OIDCProvider().Ref(),
			"OIDCIssuer":      c.OIDCIssuer(),
			"AdminRole":       c.AdminRole().Ref(),
		} {
			cdk.NewCfnOutput(stack, jsii.String(id), &cdk.CfnOutputProps{Value: value})
		}
	})
}

func getAtt(id, attribute string) any {
	return map[string]any{"Fn::GetAtt": []any{id, attribute}}
}

func TestControlPlaneHasTheGivenNameVersionAndRanges(t *testing.T) {
	c := synth(t, shop()).Only(t, "AWS::EKS::Cluster")
	c.Want(t, "Name", "shop")
	c.Want(t, "Version", "1.35")
	c.Want(t, "ResourcesVpcConfig.SubnetIds", []any{"subnet-a", "subnet-b"})
	c.Want(t, "KubernetesNetworkConfig", map[string]any{"IpFamily": "ipv4", "ServiceIpv4Cidr": "172.21.0.0/16"})
	// Paying for extended support is a decision and no accident.
	c.Want(t, "UpgradePolicy.SupportType", "STANDARD")
	// No Auto Mode: nodes are nodegroup's business.
	c.Want(t, "ComputeConfig", nil)
	c.Want(t, "StorageConfig", nil)
}

func TestPublicEndpointIsOpenToTheGivenRangesOnly(t *testing.T) {
	props := shop()
	props.PublicAccessCIDRs = []string{"192.0.2.0/24", "198.51.100.7/32"}
	c := synth(t, props).Only(t, "AWS::EKS::Cluster")
	c.Want(t, "ResourcesVpcConfig.EndpointPrivateAccess", true)
	c.Want(t, "ResourcesVpcConfig.EndpointPublicAccess", true)
	c.Want(t, "ResourcesVpcConfig.PublicAccessCidrs", []any{"192.0.2.0/24", "198.51.100.7/32"})
}

func TestWithoutRangesThePublicEndpointIsClosed(t *testing.T) {
	c := synth(t, shop()).Only(t, "AWS::EKS::Cluster")
	c.Want(t, "ResourcesVpcConfig.EndpointPrivateAccess", true)
	c.Want(t, "ResourcesVpcConfig.EndpointPublicAccess", false)
	if cidrs, _ := c.At("ResourcesVpcConfig.PublicAccessCidrs").([]any); len(cidrs) != 0 {
		t.Errorf("the closed endpoint admits %v", cidrs)
	}
}

func TestAllLogsGoToAGroupThatIsMadeFirst(t *testing.T) {
	template := synth(t, shop())
	c := template.Only(t, "AWS::EKS::Cluster")
	c.Want(t, "Logging.ClusterLogging.EnabledTypes", []any{
		map[string]any{"Type": "api"},
		map[string]any{"Type": "audit"},
		map[string]any{"Type": "authenticator"},
		map[string]any{"Type": "controllerManager"},
		map[string]any{"Type": "scheduler"},
	})
	group := template.Only(t, "AWS::Logs::LogGroup")
	group.Want(t, "LogGroupName", "/aws/eks/shop/cluster")
	group.Want(t, "RetentionInDays", 30)
	// Otherwise EKS makes the group, and it has no retention.
	if !slices.Contains(c.Depends(), group.LogicalID) {
		t.Errorf("the cluster depends on %v, want its log group %s", c.Depends(), group.LogicalID)
	}
}

func TestSecretsAreEncryptedWithAKeyThatStays(t *testing.T) {
	template := synth(t, shop())
	key := template.Only(t, "AWS::KMS::Key")
	template.Only(t, "AWS::EKS::Cluster").Want(t, "EncryptionConfig", []any{map[string]any{
		"Resources": []any{"secrets"},
		"Provider":  map[string]any{"KeyArn": getAtt(key.LogicalID, "Arn")},
	}})
	key.Want(t, "EnableKeyRotation", true)
	key.Want(t, "Description", "Kubernetes secrets of shop")
	if key.DeletionPolicy != "Retain" || key.UpdateReplacePolicy != "Retain" {
		t.Errorf("the key's policies are %q on deletion and %q on replacement, want Retain", key.DeletionPolicy, key.UpdateReplacePolicy)
	}
	// KMS' own default: whoever IAM lets use the key, in this account.
	statements, _ := key.At("KeyPolicy.Statement").([]any)
	if len(statements) != 1 {
		t.Errorf("the key policy has %d statements, want 1", len(statements))
	}
	key.Want(t, "KeyPolicy.Statement.0.Principal", map[string]any{
		"AWS": map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"},
	})
	alias := template.Only(t, "AWS::KMS::Alias")
	alias.Want(t, "AliasName", "alias/shop/secrets")
	alias.Want(t, "TargetKeyId.Ref", key.LogicalID)
}

func TestDeletionProtectionIsAnOption(t *testing.T) {
	for _, protected := range []bool{false, true} {
		props := shop()
		props.DeletionProtection = protected
		synth(t, props).Only(t, "AWS::EKS::Cluster").Want(t, "DeletionProtection", protected)
	}
}

func TestControlPlaneRoleHoldsWhatEKSDemands(t *testing.T) {
	template := synth(t, shop())
	role := template.Where(t, "AWS::IAM::Role", "RoleName", "shop-cluster")
	template.Only(t, "AWS::EKS::Cluster").Want(t, "RoleArn", getAtt(role.LogicalID, "Arn"))
	role.Want(t, "Description", "EKS control plane of shop")
	role.Want(t, "AssumeRolePolicyDocument.Statement", []any{map[string]any{
		"Effect":    "Allow",
		"Action":    "sts:AssumeRole",
		"Principal": map[string]any{"Service": "eks.amazonaws.com"},
		"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": map[string]any{"Fn::Sub": "${AWS::AccountId}"}}},
	}})
	role.Want(t, "ManagedPolicyArns", []any{map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonEKSClusterPolicy"}})
	role.Want(t, "Policies", nil)
	rules, _ := cdktest.At(role.Metadata, "cdk_nag.rules_to_suppress").([]any)
	if len(rules) != 1 || cdktest.At(rules[0], "id") != "AwsSolutions-IAM4" || cdktest.At(rules[0], "reason") == "" {
		t.Errorf("accepted is %s, want AwsSolutions-IAM4 alone, with a reason", cdktest.Show(rules))
	}
}

// Whoever deploys is no administrator by that alone, and nobody is by the
// aws-auth config map.
func TestAccessIsByEntriesOnly(t *testing.T) {
	c := synth(t, shop()).Only(t, "AWS::EKS::Cluster")
	c.Want(t, "AccessConfig", map[string]any{
		"AuthenticationMode":                      "API",
		"BootstrapClusterCreatorAdminPermissions": false,
	})
}

func TestAdminRoleIsForTheNamedPeopleOfTheAccount(t *testing.T) {
	role := synth(t, shop()).Where(t, "AWS::IAM::Role", "RoleName", "shop-cluster-admin")
	role.Want(t, "Description", "People who administer the cluster shop")
	role.Want(t, "AssumeRolePolicyDocument.Statement", []any{map[string]any{
		"Effect":    "Allow",
		"Action":    "sts:AssumeRole",
		"Principal": map[string]any{"AWS": map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
		"Condition": map[string]any{"ArnLike": map[string]any{"aws:PrincipalArn": []any{
			map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/ops/*"},
			map[string]any{"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:user/eve"},
		}}},
	}})
	// All that the role may do in AWS is what `aws eks update-kubeconfig` does.
	role.Want(t, "Policies", []any{map[string]any{
		"PolicyName": "make-a-kubeconfig",
		"PolicyDocument": map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Effect":   "Allow",
			"Action":   []any{"eks:DescribeCluster"},
			"Resource": []any{map[string]any{"Fn::Sub": "arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:cluster/shop"}},
		}}},
	}})
	role.Want(t, "ManagedPolicyArns", nil)
}

// wantAdmin checks an access entry but for its principal.
func wantAdmin(t *testing.T, template cdktest.Template, entry cdktest.Resource) {
	t.Helper()
	entry.Want(t, "ClusterName.Ref", template.Only(t, "AWS::EKS::Cluster").LogicalID)
	entry.Want(t, "Type", "STANDARD")
	entry.Want(t, "AccessPolicies", []any{map[string]any{
		"PolicyArn":   map[string]any{"Fn::Sub": "arn:${AWS::Partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"},
		"AccessScope": map[string]any{"Type": "cluster"},
	}})
	entry.Want(t, "KubernetesGroups", nil)
}

func TestOnlyTheAdminRoleIsAdminByDefault(t *testing.T) {
	template := synth(t, shop())
	entry := template.Only(t, "AWS::EKS::AccessEntry")
	entry.Want(t, "PrincipalArn", getAtt(template.Where(t, "AWS::IAM::Role", "RoleName", "shop-cluster-admin").LogicalID, "Arn"))
	wantAdmin(t, template, entry)
}

func TestFurtherAdminsAreAnOption(t *testing.T) {
	props := shop()
	props.Admins = []string{"arn:aws:iam::111122223333:role/sre", "arn:aws:iam::444455556666:role/on-call"}
	template := synth(t, props)
	for _, arn := range props.Admins {
		wantAdmin(t, template, template.Where(t, "AWS::EKS::AccessEntry", "PrincipalArn", arn))
	}
	if n := len(template.OfType("AWS::EKS::AccessEntry")); n != 3 {
		t.Errorf("there are %d access entries, want one for the admin role and two for the others", n)
	}
}

// CloudFormation makes the new before it deletes the old, and EKS takes one
// entry of a principal: an entry that changed hands would fail the deployment.
func TestAdminWhoLeavesDoesNotMoveTheOthers(t *testing.T) {
	entry := func(admins ...string) cdktest.Resource {
		props := shop()
		props.Admins = admins
		return synth(t, props).Where(t, "AWS::EKS::AccessEntry", "PrincipalArn", "arn:aws:iam::111122223333:role/stays")
	}
	before := entry("arn:aws:iam::111122223333:role/leaves", "arn:aws:iam::111122223333:role/stays")
	after := entry("arn:aws:iam::111122223333:role/stays")
	if before.LogicalID != after.LogicalID {
		t.Errorf("the entry that stays was %s and becomes %s", before.LogicalID, after.LogicalID)
	}
}

func TestOIDCProviderIsTheNativeResource(t *testing.T) {
	template := synth(t, shop())
	provider := template.Only(t, "AWS::IAM::OIDCProvider")
	provider.Want(t, "Url", getAtt(template.Only(t, "AWS::EKS::Cluster").LogicalID, "OpenIdConnectIssuerUrl"))
	provider.Want(t, "ClientIdList", []any{"sts.amazonaws.com"})
	provider.Want(t, "ThumbprintList", nil) // IAM fetches it
}

func TestThereAreNoNodesAddonsOrLambdas(t *testing.T) {
	template := synth(t, shop())
	// The add-ons come from EKS' add-on API, and not from EKS' own bootstrap.
	template.Only(t, "AWS::EKS::Cluster").Want(t, "BootstrapSelfManagedAddons", false)
	for id, resource := range template.Resources {
		switch service := strings.SplitN(resource.Type, "::", 3); {
		case service[0] == "Custom", service[1] == "Lambda", service[1] == "CloudFormation",
			resource.Type == "AWS::EKS::Addon", resource.Type == "AWS::EKS::Nodegroup":
			t.Errorf("there is a %s, %s", resource.Type, id)
		}
	}
}

func TestHandleLeadsToTheResources(t *testing.T) {
	template := synth(t, shop())
	c := template.Only(t, "AWS::EKS::Cluster").LogicalID
	for output, want := range map[string]any{
		"Resource":        map[string]any{"Ref": c},
		"Endpoint":        getAtt(c, "Endpoint"),
		"SecurityGroupID": getAtt(c, "ClusterSecurityGroupId"),
		"OIDCProvider":    map[string]any{"Ref": template.Only(t, "AWS::IAM::OIDCProvider").LogicalID},
		"AdminRole":       map[string]any{"Ref": template.Where(t, "AWS::IAM::Role", "RoleName", "shop-cluster-admin").LogicalID},
		// "https://ISSUER" is cut at "//" and the second part taken.
		"OIDCIssuer": map[string]any{"Fn::Select": []any{1.0, map[string]any{"Fn::Split": []any{"//", getAtt(c, "OpenIdConnectIssuerUrl")}}}},
	} {
		if got := template.Outputs[output].Value; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %s, want %s", output, cdktest.Show(got), cdktest.Show(want))
		}
	}
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for want, change := range map[string]func(*cluster.Props){
		`cluster: Props.LogGroup must be "/aws/eks/shop/cluster", which is what EKS writes to, got ""`:                       func(p *cluster.Props) { p.LogGroup = "" },
		`cluster: Props.LogGroup must be "/aws/eks/other/cluster", which is what EKS writes to, got "/aws/eks/shop/cluster"`: func(p *cluster.Props) { p.Name = "other" },
		"cluster: Props.AdminPrincipals must name who may administer the cluster, got none":                                  func(p *cluster.Props) { p.AdminPrincipals = nil },
		"cluster: Props.SubnetIDs must hold subnets of two zones or more, got 0":                                             func(p *cluster.Props) { p.SubnetIDs = nil },
		"cluster: Props.SubnetIDs must hold subnets of two zones or more, got 1":                                             func(p *cluster.Props) { p.SubnetIDs = p.SubnetIDs[:1] },
	} {
		props := shop()
		change(&props)
		message := cdktest.MustPanic(t, func() { synth(t, props) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
