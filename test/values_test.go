package test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/internal/cdktest"
)

// The values that the platform must have, looked up in what is synthesized and
// not in the configuration that it comes from.

func TestNetworkValues(t *testing.T) {
	network := staging(t).network()
	network.Only(t, "AWS::EC2::VPC").Want(t, "CidrBlock", "10.0.0.0/16")
	for i, zone := range []string{"a", "b", "c"} {
		for _, want := range []struct{ cidr, role string }{
			{fmt.Sprintf("10.0.%d.0/24", 101+i), "kubernetes.io/role/elb"},
			{fmt.Sprintf("10.0.%d.0/24", 1+i), "kubernetes.io/role/internal-elb"},
		} {
			subnet := network.Where(t, "AWS::EC2::Subnet", "CidrBlock", want.cidr)
			subnet.Want(t, "AvailabilityZone.Fn::Sub", "${AWS::Region}"+zone)
			if subnet.Tag(want.role) != "1" || subnet.Tag("kubernetes.io/cluster/fintrack-staging") != "shared" {
				t.Errorf("subnet %s has the tags %v", want.cidr, subnet.At("Tags"))
			}
		}
	}
	if n := len(network.OfType("AWS::EC2::Subnet")); n != 6 {
		t.Errorf("there are %d subnets, want 6", n)
	}
	if n := len(network.OfType("AWS::EC2::FlowLog")); n != 1 {
		t.Errorf("there are %d flow logs, want 1", n)
	}
}

func TestNATValues(t *testing.T) {
	network := staging(t).network()
	template := network.Only(t, "AWS::EC2::LaunchTemplate")
	template.Want(t, "LaunchTemplateData.InstanceType", "t4g.micro")
	image := network.Only(t, "AWS::SSM::Parameter")
	image.Want(t, "Value", "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64}}")
	template.Want(t, "LaunchTemplateData.ImageId.Fn::Sub.1.Parameter.Ref", image.LogicalID)

	image.Want(t, "Name", "/fintrack/staging/platform/nat-image")

	template.Want(t, "LaunchTemplateData.MetadataOptions.HttpEndpoint", "enabled")

	inside := network.Only(t, "AWS::EC2::NetworkInterface")
	inside.Want(t, "SourceDestCheck", false)
	group := network.Only(t, "AWS::AutoScaling::AutoScalingGroup")
	group.Want(t, "AutoScalingGroupName", "fintrack-staging-nat")
	group.Want(t, "DesiredCapacity", "1")
	group.Want(t, "LaunchTemplate.LaunchTemplateId.Ref", template.LogicalID)
	for what, subnet := range map[string]any{"interface": inside.At("SubnetId.Ref"), "machine": group.At("VPCZoneIdentifier.0.Ref")} {
		// One zone: the interface cannot follow the machine into another.
		if cidr := network.Resources[subnet.(string)].At("CidrBlock"); cidr != "10.0.101.0/24" {
			t.Errorf("the NAT's %s stands in %v, want the public subnet of the first zone", what, cidr)
		}
	}
	// The machine takes the address itself: it is told which.
	address := network.Only(t, "AWS::EC2::EIP")
	userData := cdktest.Show(template.At("LaunchTemplateData.UserData"))
	for _, attribute := range []string{"AllocationId", "PublicIp"} {
		if !strings.Contains(userData, `{"Fn::GetAtt":["`+address.LogicalID+`","`+attribute+`"]}`) {
			t.Errorf("the machine is not told the address' %s", attribute)
		}
	}
	for _, setting := range []string{
		`NAT_CLIENTS='10.0.1.0/24 10.0.2.0/24 10.0.3.0/24'`, `NAT_NAMESPACE='FinTrack/NAT'`,
		`NAT_PROBES='checkip.amazonaws.com:443 aws.amazon.com:443'`,
	} {
		if !strings.Contains(userData, `\n`+setting+`\n`) {
			t.Errorf("the machine is not told %s", setting)
		}
	}
	for i, resource := range []string{"instance", "volume", "network-interface"} {
		tags := cdktest.Show(template.At(fmt.Sprintf("LaunchTemplateData.TagSpecifications.%d", i)))
		if !strings.Contains(tags, `"ResourceType":"`+resource+`"`) || !strings.Contains(tags, `{"Key":"environment","Value":"staging"}`) {
			t.Errorf("the %s of the NAT is tagged %s", resource, tags)
		}
	}

	security := network.Only(t, "AWS::EC2::SecurityGroup")
	inside.Want(t, "GroupSet.0.Fn::GetAtt.0", security.LogicalID)
	template.Want(t, "LaunchTemplateData.NetworkInterfaces.0.Groups.0.Fn::GetAtt.0", security.LogicalID)
	var from []string
	for _, rule := range security.At("SecurityGroupIngress").([]any) {
		from = append(from, cdktest.At(rule, "CidrIp").(string))
		if protocol := cdktest.At(rule, "IpProtocol"); protocol != "-1" {
			t.Errorf("the NAT admits only %v from %v", protocol, from)
		}
	}
	if !slices.Equal(from, []string{"10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"}) {
		t.Errorf("the NAT admits %v, want the private subnets only", from)
	}
	security.Want(t, "SecurityGroupEgress.0.CidrIp", "0.0.0.0/0")
	security.Want(t, "SecurityGroupEgress.0.IpProtocol", "-1")

	routes := 0
	for _, route := range network.OfType("AWS::EC2::Route") {
		if route.At("NetworkInterfaceId.Ref") == inside.LogicalID {
			routes++
			route.Want(t, "DestinationCidrBlock", "0.0.0.0/0")
		}
	}
	if routes != 3 {
		t.Errorf("%d private route tables lead to the NAT, want 3", routes)
	}
}

// TestAlarmValues: who hears of what.
func TestAlarmValues(t *testing.T) {
	env := staging(t)
	topic := env.alarms().Only(t, "AWS::SNS::Topic")
	topic.Want(t, "TopicName", "fintrack-staging-alarms")
	subscription := env.alarms().Only(t, "AWS::SNS::Subscription")
	subscription.Want(t, "Protocol", "email")
	subscription.Want(t, "Endpoint", env.Owner)

	var names []string
	for _, alarm := range env.resources("AWS::CloudWatch::Alarm") {
		names = append(names, fmt.Sprint(alarm.At("AlarmName")))
		for _, property := range []string{"AlarmActions", "OKActions"} {
			if r, attribute := env.resolve(t, alarm.At(property+".0")); r.LogicalID != topic.LogicalID || attribute != "Ref" {
				t.Errorf("%s: %s are %s of %s, want the topic", alarm, property, attribute, r)
			}
		}
		if namespace := alarm.At("Namespace"); namespace != "FinTrack/NAT" && namespace != "AWS/EC2" {
			t.Errorf("%s looks into %v", alarm, namespace)
		}
	}
	slices.Sort(names)
	if want := []string{
		"fintrack-staging-nat-bandwidth", "fintrack-staging-nat-conntrack-refused", "fintrack-staging-nat-conntrack-use",
		"fintrack-staging-nat-cpu-credits", "fintrack-staging-nat-no-forwarding", "fintrack-staging-nat-probe-loss",
	}; !slices.Equal(names, want) {
		t.Errorf("the alarms are %v, want %v", names, want)
	}
	group := env.network().Only(t, "AWS::AutoScaling::AutoScalingGroup")
	if r, _ := env.resolve(t, group.At("NotificationConfigurations.0.TopicARN")); r.LogicalID != topic.LogicalID {
		t.Errorf("machines that come and go are told to %s, want the topic", r)
	}
}

func TestClusterValues(t *testing.T) {
	env := staging(t)
	cluster := env.cluster().Only(t, "AWS::EKS::Cluster")
	cluster.Want(t, "Name", "fintrack-staging")
	cluster.Want(t, "Version", "1.35")
	cluster.Want(t, "ResourcesVpcConfig.EndpointPublicAccess", true)
	cluster.Want(t, "ResourcesVpcConfig.EndpointPrivateAccess", true)
	cluster.Want(t, "ResourcesVpcConfig.PublicAccessCidrs", []any{"0.0.0.0/0"})
	cluster.Want(t, "DeletionProtection", true)

	nodes := env.cluster().Only(t, "AWS::EKS::Nodegroup")
	nodes.Want(t, "CapacityType", "SPOT")
	nodes.Want(t, "ScalingConfig.MinSize", 1)
	nodes.Want(t, "ScalingConfig.DesiredSize", 2)
	nodes.Want(t, "ScalingConfig.MaxSize", 3)
	nodes.Want(t, "AmiType", "AL2023_x86_64_STANDARD")
	nodes.Want(t, "NodeRepairConfig.Enabled", true)
	template := env.cluster().Only(t, "AWS::EC2::LaunchTemplate")
	for i, resource := range []string{"instance", "volume"} {
		tags := cdktest.Show(template.At(fmt.Sprintf("LaunchTemplateData.TagSpecifications.%d", i)))
		if !strings.Contains(tags, `"ResourceType":"`+resource+`"`) || !strings.Contains(tags, `{"Key":"environment","Value":"staging"}`) {
			t.Errorf("the %s of a node is tagged %s", resource, tags)
		}
	}
	if n := len(nodes.At("InstanceTypes").([]any)); n < 3 {
		t.Errorf("SPOT has %d instance types to choose from, want several", n)
	}
	env.cluster().Only(t, "AWS::IAM::OIDCProvider").Want(t, "ClientIdList", []any{"sts.amazonaws.com"})

	// Control plane and nodes stand in the private subnets, all three of them.
	for name, subnets := range map[string]any{
		"the control plane": cluster.At("ResourcesVpcConfig.SubnetIds"),
		"the node group":    nodes.At("Subnets"),
	} {
		var cidrs []string
		for _, subnet := range subnets.([]any) {
			r, _ := env.resolve(t, subnet)
			cidrs = append(cidrs, fmt.Sprint(r.At("CidrBlock")))
		}
		if !slices.Equal(cidrs, []string{"10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"}) {
			t.Errorf("%s stands in %v, want the private subnets", name, cidrs)
		}
	}
}

// TestAddonsComeInTheOrderThatWorks follows DependsOn: the network before the
// nodes, the nodes before what runs on them.
func TestAddonsComeInTheOrderThatWorks(t *testing.T) {
	for _, env := range environments(t) {
		template := env.cluster()
		nodes := template.Only(t, "AWS::EKS::Nodegroup")
		before := map[string]bool{"vpc-cni": true, "kube-proxy": true, "eks-pod-identity-agent": true}
		after := map[string]bool{"coredns": true, "metrics-server": true, "aws-ebs-csi-driver": true}
		addons := template.OfType("AWS::EKS::Addon")
		if len(addons) != len(before)+len(after) {
			t.Errorf("there are %d add-ons, want %d", len(addons), len(before)+len(after))
		}
		for _, addon := range addons {
			name := addon.At("AddonName").(string)
			addon.Want(t, "ResolveConflicts", "OVERWRITE")
			switch {
			case before[name]:
				if !slices.Contains(nodes.Depends(), addon.LogicalID) {
					t.Errorf("the nodes do not wait for %s", name)
				}
				if slices.Contains(addon.Depends(), nodes.LogicalID) {
					t.Errorf("%s waits for the nodes", name)
				}
			case after[name]:
				if !slices.Contains(addon.Depends(), nodes.LogicalID) {
					t.Errorf("%s does not wait for the nodes", name)
				}
			default:
				t.Errorf("nobody said when %s comes", name)
			}
		}
		template.Where(t, "AWS::EKS::Addon", "AddonName", "vpc-cni").Want(t, "ConfigurationValues", `{"enableNetworkPolicy":"true"}`)
	}
	everything(t).cluster().Where(t, "AWS::EKS::Addon", "AddonName", "coredns").Want(t, "AddonVersion", "v1.12.3-eksbuild.1")
}

func TestRegistryValues(t *testing.T) {
	repository := staging(t).registry().Only(t, "AWS::ECR::Repository")
	repository.Want(t, "RepositoryName", "fintrack/web")
	repository.Want(t, "ImageTagMutability", "IMMUTABLE")
	repository.Want(t, "ImageScanningConfiguration.ScanOnPush", true)
	repository.Want(t, "EncryptionConfiguration.EncryptionType", "KMS")
	if policy := fmt.Sprint(repository.At("LifecyclePolicy.LifecyclePolicyText")); !strings.Contains(policy, `"countNumber":30`) || !strings.Contains(policy, `"countNumber":14`) {
		t.Errorf("the lifecycle policy is %s", policy)
	}
}

func TestIdentityValues(t *testing.T) {
	identity := staging(t).identity()
	policy := func(role string) any {
		return identity.Where(t, "AWS::IAM::Role", "RoleName", "fintrack-staging-"+role).At("Policies.0.PolicyDocument.Statement")
	}
	secrets := policy("external-secrets")
	if got := cdktest.Show(cdktest.At(secrets, "0.Action")); got != `["secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"]` {
		t.Errorf("External Secrets may %s", got)
	}
	if got := cdktest.At(secrets, "0.Resource.Fn::Sub"); got != "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:fintrack/*" {
		t.Errorf("External Secrets reads %v", got)
	}
	logs := policy("fluent-bit")
	if got := cdktest.Show(cdktest.At(logs, "0.Action")); got != `["logs:CreateLogStream","logs:DescribeLogStreams","logs:PutLogEvents"]` {
		t.Errorf("Fluent Bit may %s", got)
	}
	if got := cdktest.At(logs, "0.Resource.Fn::Sub"); got != "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/fintrack/*" {
		t.Errorf("Fluent Bit writes to %v", got)
	}
	for name, statements := range map[string]any{"external-secrets": secrets, "fluent-bit": logs} {
		if n := len(statements.([]any)); n != 1 {
			t.Errorf("%s has %d statements, want 1", name, n)
		}
	}
	if web := identity.Where(t, "AWS::IAM::Role", "RoleName", "fintrack-staging-web"); web.At("Policies") != nil || web.At("ManagedPolicyArns") != nil {
		t.Error("the web service's role may do something, although nothing was asked for")
	}
	web := everything(t).identity().Where(t, "AWS::IAM::Role", "RoleName", "fintrack-staging-web")
	web.Want(t, "Policies.0.PolicyDocument.Statement.0.Action", []any{"s3:GetObject"})
	web.Want(t, "Policies.0.PolicyDocument.Statement.0.Resource.0.Fn::Sub", "arn:${AWS::Partition}:s3:::fintrack-exports/*")
}

func TestWorkloadValues(t *testing.T) {
	env := staging(t)
	deployment := env.object(t, "Deployment", "web")
	want(t, deployment, "spec.replicas", nil)
	container := "spec.template.spec.containers.0."
	want(t, deployment, container+"image", env.Account+".dkr.ecr.eu-north-1.amazonaws.com/fintrack/web:unreleased")
	want(t, deployment, container+"ports.0.containerPort", 3000)
	want(t, deployment, container+"resources.requests", map[string]any{"cpu": "100m", "memory": "128Mi"})
	want(t, deployment, container+"resources.limits", map[string]any{"cpu": "250m", "memory": "256Mi"})
	want(t, deployment, container+"livenessProbe.httpGet.path", "/healthz")
	want(t, deployment, container+"readinessProbe.httpGet.path", "/readyz")

	service := env.object(t, "Service", "web")
	want(t, service, "spec.type", "ClusterIP")
	want(t, service, "spec.ports.0.port", 80)

	autoscaler := env.object(t, "HorizontalPodAutoscaler", "web")
	want(t, autoscaler, "apiVersion", "autoscaling/v2")
	want(t, autoscaler, "spec.minReplicas", 2)
	want(t, autoscaler, "spec.maxReplicas", 5)
	want(t, autoscaler, "spec.metrics.0.resource.name", "cpu")
	want(t, autoscaler, "spec.metrics.0.resource.target.averageUtilization", 70)

	ingress := env.object(t, "Ingress", "web")
	want(t, ingress, "spec.ingressClassName", "alb")
	want(t, ingress, "spec.rules.0.host", env.Workloads[0].Ingress.Host)
	for key, value := range map[string]string{
		"scheme":           "internet-facing",
		"target-type":      "ip",
		"listen-ports":     `[{"HTTP": 80}]`,
		"healthcheck-path": "/readyz",
	} {
		if got := ingress.labels("metadata.annotations")["alb.ingress.kubernetes.io/"+key]; got != value {
			t.Errorf("the Ingress has %s %q, want %q", key, got, value)
		}
	}

	secret := env.object(t, "ExternalSecret", "web")
	want(t, secret, "apiVersion", "external-secrets.io/v1")
	want(t, secret, "spec.data.0.remoteRef.key", "fintrack/mongodb-uri")
	want(t, secret, "spec.target.creationPolicy", "Owner")
	want(t, secret, "spec.target.deletionPolicy", "Retain")

	worker := everything(t).object(t, "Deployment", "worker")
	want(t, worker, "spec.replicas", 2)
	released := everything(t).object(t, "Deployment", "web")
	want(t, released, container+"image", env.Account+".dkr.ecr.eu-north-1.amazonaws.com/fintrack/web:1a2b3c4@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
}

// TestOptionsArriveInTheTemplates looks up what staging leaves at its default.
func TestOptionsArriveInTheTemplates(t *testing.T) {
	env := everything(t)
	for _, service := range env.Network.InterfaceEndpoints {
		env.network().Where(t, "AWS::EC2::VPCEndpoint", "ServiceName.Fn::Sub", "com.amazonaws.${AWS::Region}."+service).
			Want(t, "VpcEndpointType", "Interface")
	}
	image := env.network().Only(t, "AWS::SSM::Parameter")
	image.Want(t, "Value", "{{resolve:ssm:"+env.Network.NAT.Image+"}}")
	userData := cdktest.Show(env.network().Only(t, "AWS::EC2::LaunchTemplate").At("LaunchTemplateData.UserData"))
	for _, setting := range []string{"NAT_IMAGE='" + env.Network.NAT.Image + "'", "NAT_PROBES='" + strings.Join(env.Network.NAT.ProbeTargets, " ") + "'"} {
		if !strings.Contains(userData, `\n`+setting+`\n`) {
			t.Errorf("the NAT is not told %s", setting)
		}
	}
	for _, email := range env.Alarms.Emails {
		env.alarms().Where(t, "AWS::SNS::Subscription", "Endpoint", email)
	}
	if n := len(env.alarms().OfType("AWS::SNS::Subscription")); n != len(env.Alarms.Emails) {
		t.Errorf("there are %d subscriptions, want %d", n, len(env.Alarms.Emails))
	}
	atlas := env.network().Only(t, "MongoDB::Atlas::ProjectIpAccessList")
	atlas.Want(t, "ProjectId", env.Atlas.ProjectID)
	atlas.Want(t, "Profile", env.Atlas.Profile)
	atlas.Want(t, "AccessList", []any{map[string]any{
		"Comment":   "fintrack-staging-nat",
		"IPAddress": map[string]any{"Fn::GetAtt": []any{env.network().Only(t, "AWS::EC2::EIP").LogicalID, "PublicIp"}},
	}})
	if n := len(staging(t).network().OfType("MongoDB::Atlas::ProjectIpAccessList")); n != 0 {
		t.Errorf("staging has %d access lists, although it names no project", n)
	}
	for _, arn := range env.Cluster.Admins {
		env.cluster().Where(t, "AWS::EKS::AccessEntry", "PrincipalArn", arn)
	}
	if n := len(env.cluster().OfType("AWS::EKS::AccessEntry")); n != 1+len(env.Cluster.Admins) {
		t.Errorf("there are %d access entries, want one of the admin role and one of each further admin", n)
	}

	database := env.database().Only(t, "AWS::RDS::DBInstance")
	database.Want(t, "DBInstanceIdentifier", "fintrack-staging-postgres")
	database.Want(t, "EngineVersion", env.Database.EngineVersion)
	database.Want(t, "DBInstanceClass", env.Database.InstanceClass)
	database.Want(t, "DBName", env.Database.Name)
	database.Want(t, "AllocatedStorage", fmt.Sprint(env.Database.StorageGiB))
	database.Want(t, "MaxAllocatedStorage", env.Database.MaxStorageGiB)
	database.Want(t, "BackupRetentionPeriod", env.Database.BackupDays)
	database.Want(t, "MultiAZ", env.Database.MultiAZ)
	database.Want(t, "StorageEncrypted", true)
	database.Want(t, "PubliclyAccessible", false)
	database.Want(t, "DeletionProtection", true)
	// Whoever connects is a member of the cluster's own group.
	group := env.database().Only(t, "AWS::EC2::SecurityGroup")
	source, attribute := env.resolve(t, group.At("SecurityGroupIngress.0.SourceSecurityGroupId"))
	if source.Type != "AWS::EKS::Cluster" || attribute != "ClusterSecurityGroupId" {
		t.Errorf("the database admits %s of %s", attribute, source)
	}
	group.Want(t, "SecurityGroupIngress.0.FromPort", 5432)

	for _, workload := range env.Workloads {
		env.registry().Where(t, "AWS::ECR::Repository", "RepositoryName", "fintrack/"+workload.Name)
	}
	for _, group := range env.Logs.Groups {
		env.identity().Where(t, "AWS::Logs::LogGroup", "LogGroupName", "/fintrack/staging/"+group.Name).Want(t, "RetentionInDays", group.RetentionDays)
	}
	secret := env.identity().Only(t, "AWS::SecretsManager::Secret") // the login is the database's own
	secret.Want(t, "Name", "fintrack/mongodb-uri")
	secret.Want(t, "Description", env.Workloads[0].Secrets[0].Description)
}

// TestReleaseIsADiffOfOneFile: what a pipeline writes changes the Deployment of
// its workload and nothing else in either plane.
func TestReleaseIsADiffOfOneFile(t *testing.T) {
	before := staging(t)
	env := before.Environment
	env.Releases = everythingOn().Releases
	after := get(t, "a release", env)
	for plane, dirs := range map[string][2]string{
		"templates": {before.assembly, after.assembly},
		"manifests": {before.manifests, after.manifests},
	} {
		old, now := tree(t, dirs[0]), tree(t, dirs[1])
		for path := range now {
			if differs, mayDiffer := !bytes.Equal(old[path], now[path]), path == "fintrack/Deployment.web.yaml"; differs != mayDiffer {
				t.Errorf("%s: a release changes %s is %v", plane, path, differs)
			}
		}
	}
}

// TestNetworkPolicyValues lists what the web service's pods may do; everything
// else is denied.
func TestNetworkPolicyValues(t *testing.T) {
	env := staging(t)
	deny := env.object(t, "NetworkPolicy", "default-deny")
	want(t, deny, "spec", map[string]any{"podSelector": map[string]any{}, "policyTypes": []any{"Ingress", "Egress"}})

	policy := env.object(t, "NetworkPolicy", "web")
	var ingress, egress []string
	describe := func(direction, peer string) (list []string) {
		rules, _ := policy.at("spec." + direction).([]any)
		for _, rule := range rules {
			var peers, ports []string
			for _, p := range cdktest.At(rule, peer).([]any) {
				peers = append(peers, cdktest.Show(p))
			}
			for _, p := range cdktest.At(rule, "ports").([]any) {
				ports = append(ports, fmt.Sprint(cdktest.At(p, "protocol"), "/", cdktest.At(p, "port")))
			}
			list = append(list, strings.Join(ports, " ")+" "+strings.Join(peers, " "))
		}
		return list
	}
	ingress, egress = describe("ingress", "from"), describe("egress", "to")
	slices.Sort(ingress)
	slices.Sort(egress)
	wantIngress := []string{
		`TCP/3000 {"ipBlock":{"cidr":"10.0.101.0/24"}} {"ipBlock":{"cidr":"10.0.102.0/24"}} {"ipBlock":{"cidr":"10.0.103.0/24"}}`,
		`TCP/3000 {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"monitoring"}}}`,
	}
	wantEgress := []string{
		`TCP/27017 {"ipBlock":{"cidr":"0.0.0.0/0","except":["10.0.0.0/16","172.20.0.0/16","169.254.0.0/16"]}}`,
		`TCP/443 {"ipBlock":{"cidr":"0.0.0.0/0","except":["10.0.0.0/16","172.20.0.0/16","169.254.0.0/16"]}}`,
		`UDP/53 TCP/53 {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}},"podSelector":{"matchLabels":{"k8s-app":"kube-dns"}}}`,
	}
	if !slices.Equal(ingress, wantIngress) {
		t.Errorf("ingress is\n%s\nwant\n%s", strings.Join(ingress, "\n"), strings.Join(wantIngress, "\n"))
	}
	if !slices.Equal(egress, wantEgress) {
		t.Errorf("egress is\n%s\nwant\n%s", strings.Join(egress, "\n"), strings.Join(wantEgress, "\n"))
	}
}
