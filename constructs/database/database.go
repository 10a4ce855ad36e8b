// Package database makes a PostgreSQL instance on RDS: encrypted, private,
// backed up, with a generated login in Secrets Manager.
//
//   - instance in the private subnets, TLS demanded, deletion protected
//   - security group that lets in one other group on the PostgreSQL port
//   - secret with user, generated password, host, port and database name
//
// A deleted instance leaves a snapshot, and the secret stays.
package database

import (
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"
	ec2 "github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	rds "github.com/aws/aws-cdk-go/awscdk/v2/awsrds"
	secrets "github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"

	"github.com/fintrack/platform/constructs/network"
	"github.com/fintrack/platform/internal/nag"
)

// Port is where PostgreSQL listens.
const Port = 5432

// Props configure a database.
type Props struct {
	// Name is the instance's identifier.
	Name string
	// Network holds the private subnets that the instance stands in.
	Network *network.Network
	// ClientSecurityGroupID is the group whose members may connect.
	ClientSecurityGroupID *string
	// Secret is the path of the login in Secrets Manager.
	Secret string
	// Database is the name of the database that is made on the instance; the
	// login's user has the same name.
	Database string
	// EngineVersion is the PostgreSQL version, "17.6".
	EngineVersion string
	// InstanceClass is the RDS class, "db.t4g.micro".
	InstanceClass string
	// StorageGiB is what it begins with, MaxStorageGiB what RDS may grow it to.
	StorageGiB, MaxStorageGiB int
	// BackupDays is how long automated backups are kept.
	BackupDays int
	// MultiAZ keeps a standby in another zone; false is a single instance.
	MultiAZ bool
}

// Database is the handle of a database.
type Database struct {
	constructs.Construct
	instance rds.CfnDBInstance
	secret   secrets.CfnSecret
}

// Instance is the RDS instance.
func (d *Database) Instance() rds.CfnDBInstance { return d.instance }

// Secret is the login.
func (d *Database) Secret() secrets.CfnSecret { return d.secret }

// Endpoint is the host name to connect to.
func (d *Database) Endpoint() *string { return d.instance.AttrEndpointAddress() }

// New makes a database.
func New(scope constructs.Construct, id string, props Props) *Database {
	if props.Network == nil || props.ClientSecurityGroupID == nil || props.Secret == "" {
		panic(fmt.Sprintf("database: Props.Network, ClientSecurityGroupID and Secret must be given, got %v, %v and %q", props.Network != nil, props.ClientSecurityGroupID != nil, props.Secret))
	}
	d := &Database{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	d.addSecret(props)
	d.addInstance(props)
	secrets.NewCfnSecretTargetAttachment(d.Construct, jsii.String("SecretAttachment"), &secrets.CfnSecretTargetAttachmentProps{
		SecretId:   d.secret.Ref(),
		TargetId:   d.instance.Ref(),
		TargetType: jsii.String("AWS::RDS::DBInstance"),
	})
	return d
}

func (d *Database) addSecret(props Props) {
	d.secret = secrets.NewCfnSecret(d.Construct, jsii.String("Secret"), &secrets.CfnSecretProps{
		Name:        jsii.String(props.Secret),
		Description: jsii.String("Login of the PostgreSQL instance " + props.Name),
		GenerateSecretString: &secrets.CfnSecret_GenerateSecretStringProperty{
			SecretStringTemplate: jsii.String(fmt.Sprintf(`{"username":%q}`, props.Database)),
			GenerateStringKey:    jsii.String("password"),
			PasswordLength:       jsii.Number(40),
			// What RDS refuses, and what needs quoting in a connection string.
			ExcludePunctuation: true,
		},
	})
	d.secret.ApplyRemovalPolicy(cdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE, nil)
	nag.Accept(d.secret, nag.Acceptance{
		Rule:   "AwsSolutions-SMG4",
		Reason: "Rotation of a database login needs a Lambda, and the templates hold none; the runbook rotates it by hand.",
	})
}

func (d *Database) addInstance(props Props) {
	group := ec2.NewCfnSecurityGroup(d.Construct, jsii.String("SecurityGroup"), &ec2.CfnSecurityGroupProps{
		VpcId:            props.Network.VPC().Ref(),
		GroupDescription: jsii.String("PostgreSQL from nodes and pods of the cluster"),
		SecurityGroupIngress: []any{&ec2.CfnSecurityGroup_IngressProperty{
			IpProtocol:            jsii.String("tcp"),
			FromPort:              jsii.Number(Port),
			ToPort:                jsii.Number(Port),
			SourceSecurityGroupId: props.ClientSecurityGroupID,
			Description:           jsii.String("PostgreSQL from the cluster"),
		}},
		// A database opens no connections.
		SecurityGroupEgress: []any{&ec2.CfnSecurityGroup_EgressProperty{
			IpProtocol:  jsii.String("icmp"),
			FromPort:    jsii.Number(252),
			ToPort:      jsii.Number(86),
			CidrIp:      jsii.String("255.255.255.255/32"),
			Description: jsii.String("nothing: without a rule EC2 would allow everything"),
		}},
	})
	ids := props.Network.PrivateSubnetIDs()
	subnets := make([]any, len(ids))
	for i, id := range ids {
		subnets[i] = id
	}
	subnetGroup := rds.NewCfnDBSubnetGroup(d.Construct, jsii.String("SubnetGroup"), &rds.CfnDBSubnetGroupProps{
		DbSubnetGroupDescription: jsii.String("Private subnets of " + props.Name),
		SubnetIds:                &subnets,
	})
	// PostgreSQL 15 and later demand TLS by RDS' own default, 14 does not.
	major, _, _ := strings.Cut(props.EngineVersion, ".")
	parameters := rds.NewCfnDBParameterGroup(d.Construct, jsii.String("Parameters"), &rds.CfnDBParameterGroupProps{
		Description: jsii.String("TLS only, for " + props.Name),
		Family:      jsii.String("postgres" + major),
		Parameters:  map[string]any{"rds.force_ssl": "1"},
	})
	d.instance = rds.NewCfnDBInstance(d.Construct, jsii.String("Instance"), &rds.CfnDBInstanceProps{
		DbInstanceIdentifier:        jsii.String(props.Name),
		Engine:                      jsii.String("postgres"),
		EngineVersion:               jsii.String(props.EngineVersion),
		DbInstanceClass:             jsii.String(props.InstanceClass),
		DbName:                      jsii.String(props.Database),
		MasterUsername:              d.login("username"),
		MasterUserPassword:          d.login("password"),
		AllocatedStorage:            jsii.String(fmt.Sprint(props.StorageGiB)),
		MaxAllocatedStorage:         jsii.Number(props.MaxStorageGiB),
		StorageType:                 jsii.String("gp3"),
		StorageEncrypted:            true,
		PubliclyAccessible:          false,
		DbParameterGroupName:        parameters.Ref(),
		DbSubnetGroupName:           subnetGroup.Ref(),
		VpcSecurityGroups:           &[]any{group.AttrGroupId()},
		BackupRetentionPeriod:       jsii.Number(props.BackupDays),
		CopyTagsToSnapshot:          true,
		DeletionProtection:          true,
		MultiAz:                     props.MultiAZ,
		AutoMinorVersionUpgrade:     true,
		EnableCloudwatchLogsExports: jsii.Strings("postgresql", "upgrade"),
		EnablePerformanceInsights:   true,
	})
	d.instance.ApplyRemovalPolicy(cdk.RemovalPolicy_SNAPSHOT, nil)
	accepted := []nag.Acceptance{{
		Rule:   "AwsSolutions-RDS11",
		Reason: "The port is not a secret: the security group admits the cluster's members only, and a non-standard port breaks every client's default.",
	}}
	if !props.MultiAZ {
		accepted = append(accepted, nag.Acceptance{
			Rule:   "AwsSolutions-RDS3",
			Reason: "One zone was chosen in the environment's configuration: half the price, and a restore from backup in place of a failover.",
		})
	}
	nag.Accept(d.instance, accepted...)
}

// login is a reference to one key of the secret, which CloudFormation resolves
// without writing it anywhere.
func (d *Database) login(key string) *string {
	return cdk.Fn_Join(jsii.String(""), &[]*string{
		jsii.String("{{resolve:secretsmanager:"), d.secret.Ref(), jsii.String(":SecretString:" + key + "}}"),
	})
}
