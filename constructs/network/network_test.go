package network_test

import (
	"testing"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/fintrack/platform/constructs/network"
	"github.com/fintrack/platform/internal/cdktest"
)

func TestMain(m *testing.M) { cdktest.Main(m) }

func twoZones() network.Props {
	return network.Props{
		Name: "test",
		CIDR: "10.1.0.0/16",
		Zones: []network.Zone{
			{Letter: "a", PublicCIDR: "10.1.101.0/24", PrivateCIDR: "10.1.1.0/24"},
			{Letter: "b", PublicCIDR: "10.1.102.0/24", PrivateCIDR: "10.1.2.0/24"},
		},
		SubnetTags: map[string]string{"kubernetes.io/cluster/test": "shared"},
	}
}

func synth(t *testing.T, props network.Props) cdktest.Template {
	t.Helper()
	return cdktest.Synth(t, func(stack cdk.Stack) { network.New(stack, "Network", props) })
}

func TestSubnetsHaveTheGivenRangesZonesAndTags(t *testing.T) {
	template := synth(t, twoZones())

	vpc := template.Only(t, "AWS::EC2::VPC")
	vpc.Want(t, "CidrBlock", "10.1.0.0/16")
	vpc.Want(t, "EnableDnsHostnames", true)
	vpc.Want(t, "EnableDnsSupport", true)
	if got := vpc.Tag("Name"); got != "test" {
		t.Errorf("the VPC's Name tag is %q, want test", got)
	}

	for _, want := range []struct{ cidr, zone, role, name string }{
		{"10.1.101.0/24", "a", "kubernetes.io/role/elb", "test-public-a"},
		{"10.1.102.0/24", "b", "kubernetes.io/role/elb", "test-public-b"},
		{"10.1.1.0/24", "a", "kubernetes.io/role/internal-elb", "test-private-a"},
		{"10.1.2.0/24", "b", "kubernetes.io/role/internal-elb", "test-private-b"},
	} {
		subnet := template.Where(t, "AWS::EC2::Subnet", "CidrBlock", want.cidr)
		subnet.Want(t, "AvailabilityZone.Fn::Sub", "${AWS::Region}"+want.zone)
		subnet.Want(t, "MapPublicIpOnLaunch", false)
		for key, value := range map[string]string{want.role: "1", "kubernetes.io/cluster/test": "shared", "Name": want.name} {
			if got := subnet.Tag(key); got != value {
				t.Errorf("subnet %s: tag %s is %q, want %q", want.cidr, key, got, value)
			}
		}
	}
	if n := len(template.OfType("AWS::EC2::Subnet")); n != 4 {
		t.Errorf("there are %d subnets, want 4", n)
	}
}

func TestOnlyPublicSubnetsReachTheInternetGateway(t *testing.T) {
	template := synth(t, twoZones())
	gateway := template.Only(t, "AWS::EC2::InternetGateway")
	attachment := template.Only(t, "AWS::EC2::VPCGatewayAttachment")
	attachment.Want(t, "InternetGatewayId.Ref", gateway.LogicalID)

	route := template.Only(t, "AWS::EC2::Route")
	route.Want(t, "DestinationCidrBlock", "0.0.0.0/0")
	route.Want(t, "GatewayId.Ref", gateway.LogicalID)
	if d := route.Depends(); len(d) != 1 || d[0] != attachment.LogicalID {
		t.Errorf("the public route depends on %v, want the gateway's attachment %s", d, attachment.LogicalID)
	}

	tables := map[string]string{} // subnet → route table
	for _, a := range template.OfType("AWS::EC2::SubnetRouteTableAssociation") {
		tables[a.At("SubnetId.Ref").(string)] = a.At("RouteTableId.Ref").(string)
	}
	public := route.At("RouteTableId.Ref").(string)
	private := map[string]bool{}
	for _, subnet := range template.OfType("AWS::EC2::Subnet") {
		table := tables[subnet.LogicalID]
		if isPublic := subnet.Tag("kubernetes.io/role/elb") != ""; isPublic != (table == public) {
			t.Errorf("subnet %s: public is %v but its route table is %s", subnet.Tag("Name"), isPublic, table)
		} else if !isPublic {
			private[table] = true
		}
	}
	if len(private) != 2 {
		t.Errorf("there are %d private route tables, want one in each of 2 zones", len(private))
	}
}

func TestS3GatewayEndpointServesEveryPrivateRouteTable(t *testing.T) {
	template := synth(t, twoZones())
	endpoint := template.Only(t, "AWS::EC2::VPCEndpoint")
	endpoint.Want(t, "VpcEndpointType", "Gateway")
	endpoint.Want(t, "ServiceName.Fn::Sub", "com.amazonaws.${AWS::Region}.s3")
	if n := len(endpoint.At("RouteTableIds").([]any)); n != 2 {
		t.Errorf("the endpoint serves %d route tables, want 2", n)
	}
}

func TestInterfaceEndpointsAreAnOption(t *testing.T) {
	props := twoZones()
	props.InterfaceEndpoints = []string{"ecr.api", "sts"}
	template := synth(t, props)
	group := template.Only(t, "AWS::EC2::SecurityGroup")
	for _, service := range props.InterfaceEndpoints {
		endpoint := template.Where(t, "AWS::EC2::VPCEndpoint", "ServiceName.Fn::Sub", "com.amazonaws.${AWS::Region}."+service)
		endpoint.Want(t, "VpcEndpointType", "Interface")
		endpoint.Want(t, "PrivateDnsEnabled", true)
		endpoint.Want(t, "SecurityGroupIds.0.Fn::GetAtt.0", group.LogicalID)
		if n := len(endpoint.At("SubnetIds").([]any)); n != 2 {
			t.Errorf("%s: the endpoint stands in %d subnets, want 2", service, n)
		}
	}
	var from []string
	for _, rule := range template.OfType("AWS::EC2::SecurityGroupIngress") {
		rule.Want(t, "IpProtocol", "tcp")
		rule.Want(t, "FromPort", 443)
		rule.Want(t, "ToPort", 443)
		from = append(from, rule.At("CidrIp").(string))
	}
	if len(from) != 2 || from[0] != "10.1.1.0/24" || from[1] != "10.1.2.0/24" {
		t.Errorf("the endpoints admit %v, want the two private ranges", from)
	}
}

func TestFlowLogsGoToAGroupWithRetention(t *testing.T) {
	if template := synth(t, twoZones()); len(template.OfType("AWS::EC2::FlowLog"))+len(template.OfType("AWS::Logs::LogGroup")) != 0 {
		t.Error("there are flow logs although none were asked for")
	}

	props := twoZones()
	props.FlowLogs = &network.FlowLogs{LogGroup: "/aws/vpc/test", RetentionDays: 7, Role: "test-flow-logs"}
	template := synth(t, props)
	group := template.Only(t, "AWS::Logs::LogGroup")
	group.Want(t, "LogGroupName", "/aws/vpc/test")
	group.Want(t, "RetentionInDays", 7)
	role := template.Only(t, "AWS::IAM::Role")
	role.Want(t, "RoleName", "test-flow-logs")
	role.Want(t, "AssumeRolePolicyDocument.Statement.0.Principal.Service", "vpc-flow-logs.amazonaws.com")
	role.Want(t, "AssumeRolePolicyDocument.Statement.0.Condition.StringEquals.aws:SourceAccount.Fn::Sub", "${AWS::AccountId}")
	role.Want(t, "Policies.0.PolicyDocument.Statement.0.Resource.Fn::Sub",
		"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/vpc/test:*")
	log := template.Only(t, "AWS::EC2::FlowLog")
	log.Want(t, "TrafficType", "ALL")
	log.Want(t, "LogGroupName.Ref", group.LogicalID)
	log.Want(t, "DeliverLogsPermissionArn.Fn::GetAtt.0", role.LogicalID)
	log.Want(t, "ResourceId.Ref", template.Only(t, "AWS::EC2::VPC").LogicalID)
}

func TestImpossiblePropsArePanics(t *testing.T) {
	for name, change := range map[string]func(*network.Props){
		"network: Props.Zones must hold at least one zone, got none": func(p *network.Props) { p.Zones = nil },
		"network: Props.CIDR must be an IPv4 range, got \"\"":        func(p *network.Props) { p.CIDR = "" },
	} {
		props := twoZones()
		change(&props)
		message := cdktest.MustPanic(t, func() { synth(t, props) })
		if message != name {
			t.Errorf("the panic is %q, want %q", message, name)
		}
	}
}
