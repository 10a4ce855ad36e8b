package database_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/database"
	"github.com/fintrack/platform/constructs/network"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func synth(t *testing.T, change func(*database.Props)) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) {
		props := database.Props{
			Name: "shop-postgres",
			Network: network.New(stack, "Network", network.Props{
				Name: "shop",
				CIDR: "10.1.0.0/16",
				Zones: []network.Zone{
					{Letter: "a", PublicCIDR: "10.1.101.0/24", PrivateCIDR: "10.1.1.0/24"},
					{Letter: "b", PublicCIDR: "10.1.102.0/24", PrivateCIDR: "10.1.2.0/24"},
				},
			}),
			ClientSecurityGroupID: jsii.String("sg-cluster"),
			Secret:                "shop/postgres",
			Database:              "orders",
			EngineVersion:         "16.9",
			InstanceClass:         "db.m7g.large",
			StorageGiB:            33,
			MaxStorageGiB:         333,
			BackupDays:            9,
		}
		if change != nil {
			change(&props)
		}
		d := database.New(stack, "Database", props)
		for id, value := range map[string]*string{"Instance": d.Instance().Ref(), "Secret": d.Secret().Ref(), "Endpoint": d.Endpoint()} {
			cdk.NewCfnOutput(stack, jsii.String(id), &cdk.CfnOutputProps{Value: value})
		}
	})
}

func getAtt(id, attribute string) any {
	return map[string]any{"Fn::GetAtt": []any{id, attribute}}
}

func TestInstanceHasTheGivenSize(t *testing.T) {
	instance := synth(t, nil).Only(t, "AWS::RDS::DBInstance")
	instance.Want(t, "DBInstanceIdentifier", "shop-postgres")
	instance.Want(t, "Engine", "postgres")
	instance.Want(t, "EngineVersion", "16.9")
	instance.Want(t, "DBInstanceClass", "db.m7g.large")
	instance.Want(t, "DBName", "orders")
	instance.Want(t, "AllocatedStorage", "33")
	instance.Want(t, "MaxAllocatedStorage", 333)
	instance.Want(t, "StorageType", "gp3")
}

func TestStandbyIsAnOption(t *testing.T) {
	synth(t, nil).Only(t, "AWS::RDS::DBInstance").Want(t, "MultiAZ", false)
	synth(t, func(p *database.Props) { p.MultiAZ = true }).Only(t, "AWS::RDS::DBInstance").Want(t, "MultiAZ", true)
}

func TestInstanceIsEncryptedPrivateAndPatched(t *testing.T) {
	instance := synth(t, nil).Only(t, "AWS::RDS::DBInstance")
	instance.Want(t, "StorageEncrypted", true)
	instance.Want(t, "PubliclyAccessible", false)
	instance.Want(t, "AutoMinorVersionUpgrade", true)
	instance.Want(t, "AllowMajorVersionUpgrade", nil)
	instance.Want(t, "EnableCloudwatchLogsExports", []any{"postgresql", "upgrade"})
	instance.Want(t, "EnablePerformanceInsights", true)
}

// Whether RDS demands TLS by itself depends on the version: it does since 15.
func TestTLSIsDemandedInEveryVersion(t *testing.T) {
	for version, family := range map[string]string{"14.19": "postgres14", "16.9": "postgres16", "18": "postgres18"} {
		template := synth(t, func(p *database.Props) { p.EngineVersion = version })
		group := template.Only(t, "AWS::RDS::DBParameterGroup")
		group.Want(t, "Family", family)
		group.Want(t, "Parameters", map[string]any{"rds.force_ssl": "1"})
		group.Want(t, "DBParameterGroupName", nil) // another family is another group
		template.Only(t, "AWS::RDS::DBInstance").Want(t, "DBParameterGroupName.Ref", group.LogicalID)
	}
}

func TestInstanceStandsInThePrivateSubnets(t *testing.T) {
	template := synth(t, nil)
	group := template.Only(t, "AWS::RDS::DBSubnetGroup")
	group.Want(t, "SubnetIds", []any{
		map[string]any{"Ref": template.Where(t, "AWS::EC2::Subnet", "CidrBlock", "10.1.1.0/24").LogicalID},
		map[string]any{"Ref": template.Where(t, "AWS::EC2::Subnet", "CidrBlock", "10.1.2.0/24").LogicalID},
	})
	group.Want(t, "DBSubnetGroupDescription", "Private subnets of shop-postgres")
	template.Only(t, "AWS::RDS::DBInstance").Want(t, "DBSubnetGroupName.Ref", group.LogicalID)
}

func TestOnlyTheClientGroupConnectsAndTheDatabaseConnectsNowhere(t *testing.T) {
	template := synth(t, nil)
	group := template.Only(t, "AWS::EC2::SecurityGroup")
	group.Want(t, "VpcId.Ref", template.Only(t, "AWS::EC2::VPC").LogicalID)
	group.Want(t, "SecurityGroupIngress", []any{map[string]any{
		"IpProtocol":            "tcp",
		"FromPort":              5432.0,
		"ToPort":                5432.0,
		"SourceSecurityGroupId": "sg-cluster",
		"Description":           "PostgreSQL from the cluster",
	}})
	// Without a rule EC2 would allow everything; this one matches no packet.
	group.Want(t, "SecurityGroupEgress", []any{map[string]any{
		"IpProtocol":  "icmp",
		"FromPort":    252.0,
		"ToPort":      86.0,
		"CidrIp":      "255.255.255.255/32",
		"Description": "nothing: without a rule EC2 would allow everything",
	}})
	if n := len(template.OfType("AWS::EC2::SecurityGroupIngress")) + len(template.OfType("AWS::EC2::SecurityGroupEgress")); n != 0 {
		t.Errorf("there are %d more rules beside the group", n)
	}
	instance := template.Only(t, "AWS::RDS::DBInstance")
	instance.Want(t, "VPCSecurityGroups", []any{getAtt(group.LogicalID, "GroupId")})
	instance.Want(t, "Port", nil) // the engine's own
	if database.Port != 5432 {
		t.Errorf("Port is %d, want PostgreSQL's 5432", database.Port)
	}
}

func TestBackupsAreKeptAndADeletedInstanceLeavesASnapshot(t *testing.T) {
	instance := synth(t, nil).Only(t, "AWS::RDS::DBInstance")
	instance.Want(t, "BackupRetentionPeriod", 9)
	instance.Want(t, "CopyTagsToSnapshot", true)
	instance.Want(t, "DeletionProtection", true)
	instance.Want(t, "DeleteAutomatedBackups", nil)
	if instance.DeletionPolicy != "Snapshot" || instance.UpdateReplacePolicy != "Snapshot" {
		t.Errorf("the policies are %q on deletion and %q on replacement, want Snapshot", instance.DeletionPolicy, instance.UpdateReplacePolicy)
	}
}

func TestLoginIsGeneratedInASecretThatStays(t *testing.T) {
	template := synth(t, nil)
	secret := template.Only(t, "AWS::SecretsManager::Secret")
	secret.Want(t, "Name", "shop/postgres")
	secret.Want(t, "Description", "Login of the PostgreSQL instance shop-postgres")
	secret.Want(t, "SecretString", nil)
	generate, _ := secret.At("GenerateSecretString").(map[string]any)
	text, _ := generate["SecretStringTemplate"].(string)
	var login map[string]any
	if err := json.Unmarshal([]byte(text), &login); err != nil {
		t.Fatalf("the secret's template is not JSON: %v\n%s", err, text)
	}
	if want := map[string]any{"username": "orders"}; !reflect.DeepEqual(login, want) {
		t.Errorf("the secret begins as %v, want %v", login, want)
	}
	delete(generate, "SecretStringTemplate")
	if want := map[string]any{"GenerateStringKey": "password", "PasswordLength": 40.0, "ExcludePunctuation": true}; !reflect.DeepEqual(generate, want) {
		t.Errorf("the password is generated by %s, want %s", cdktest.Show(generate), cdktest.Show(want))
	}
	if secret.DeletionPolicy != "RetainExceptOnCreate" || secret.UpdateReplacePolicy != "Retain" {
		t.Errorf("the secret's policies are %q on deletion and %q on replacement, want RetainExceptOnCreate and Retain", secret.DeletionPolicy, secret.UpdateReplacePolicy)
	}
}

// The attachment is what adds host, port and database name to the secret.
func TestSecretLearnsWhereTheInstanceIs(t *testing.T) {
	template := synth(t, nil)
	attachment := template.Only(t, "AWS::SecretsManager::SecretTargetAttachment")
	attachment.Want(t, "SecretId.Ref", template.Only(t, "AWS::SecretsManager::Secret").LogicalID)
	attachment.Want(t, "TargetId.Ref", template.Only(t, "AWS::RDS::DBInstance").LogicalID)
	attachment.Want(t, "TargetType", "AWS::RDS::DBInstance")
}

func TestNoPasswordStandsInTheTemplate(t *testing.T) {
	template := synth(t, nil)
	secret := map[string]any{"Ref": template.Only(t, "AWS::SecretsManager::Secret").LogicalID}
	instance := template.Only(t, "AWS::RDS::DBInstance")
	for property, key := range map[string]string{"MasterUsername": "username", "MasterUserPassword": "password"} {
		instance.Want(t, property, map[string]any{"Fn::Join": []any{"", []any{
			"{{resolve:secretsmanager:", secret, ":SecretString:" + key + "}}",
		}}})
	}
	for name, output := range template.Outputs {
		if strings.Contains(cdktest.Show(output.Value), "resolve:secretsmanager") {
			t.Errorf("the output %s shows the login", name)
		}
	}
}

func TestAcceptedFindingsHaveReasons(t *testing.T) {
	single := synth(t, nil)
	double := synth(t, func(p *database.Props) { p.MultiAZ = true })
	for _, c := range []struct {
		resource cdktest.Resource
		want     []string
	}{
		{single.Only(t, "AWS::SecretsManager::Secret"), []string{"AwsSolutions-SMG4"}},
		{single.Only(t, "AWS::RDS::DBInstance"), []string{"AwsSolutions-RDS11", "AwsSolutions-RDS3"}},
		{double.Only(t, "AWS::RDS::DBInstance"), []string{"AwsSolutions-RDS11"}}, // the standby is there
	} {
		rules, _ := cdktest.At(c.resource.Metadata, "cdk_nag.rules_to_suppress").([]any)
		var got []string
		for _, rule := range rules {
			id, _ := cdktest.At(rule, "id").(string)
			got = append(got, id)
			if reason, _ := cdktest.At(rule, "reason").(string); reason == "" {
				t.Errorf("%s: %s has no reason", c.resource.Type, id)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: accepted is %v, want %v", c.resource.Type, got, c.want)
		}
	}
}

func TestHandleLeadsToTheResources(t *testing.T) {
	template := synth(t, nil)
	instance := template.Only(t, "AWS::RDS::DBInstance").LogicalID
	for output, want := range map[string]any{
		"Instance": map[string]any{"Ref": instance},
		"Secret":   map[string]any{"Ref": template.Only(t, "AWS::SecretsManager::Secret").LogicalID},
		"Endpoint": getAtt(instance, "Endpoint.Address"),
	} {
		if got := template.Outputs[output].Value; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %s, want %s", output, cdktest.Show(got), cdktest.Show(want))
		}
	}
}

func TestImpossiblePropsArePanics(t *testing.T) {
	const given = "database: Props.Network, ClientSecurityGroupID and Secret must be given, got "
	for want, change := range map[string]func(*database.Props){
		given + `false, true and "shop/postgres"`: func(p *database.Props) { p.Network = nil },
		given + `true, false and "shop/postgres"`: func(p *database.Props) { p.ClientSecurityGroupID = nil },
		given + `true, true and ""`:               func(p *database.Props) { p.Secret = "" },
	} {
		message := cdktest.MustPanic(t, func() { synth(t, change) })
		if message != want {
			t.Errorf("the panic is %q, want %q", message, want)
		}
	}
}
