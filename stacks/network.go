package stacks

import (
	"strings"

	"github.com/fintrack/platform/constructs/atlas"
	"github.com/fintrack/platform/constructs/nat"
	"github.com/fintrack/platform/constructs/network"
)

type networkStack struct {
	network *network.Network
	nat     *nat.NAT
}

func (e environment) network(name string, alarms alarmsStack) networkStack {
	stack := e.stack(name, "VPC, subnets and NAT")
	config := e.env.Network

	props := network.Props{
		Name:               e.contract.Prefix,
		CIDR:               config.CIDR,
		SubnetTags:         map[string]string{e.contract.ClusterTag(): "shared"},
		InterfaceEndpoints: config.InterfaceEndpoints,
	}
	for _, zone := range config.Zones {
		props.Zones = append(props.Zones, network.Zone{
			Letter:      strings.TrimPrefix(zone.Name, e.env.Region),
			PublicCIDR:  zone.Public,
			PrivateCIDR: zone.Private,
		})
	}
	if config.FlowLogRetentionDays > 0 {
		props.FlowLogs = &network.FlowLogs{
			LogGroup:      e.contract.FlowLogGroup(),
			RetentionDays: config.FlowLogRetentionDays,
			Role:          e.contract.Resource("flow-logs"),
		}
	}
	vpc := network.New(stack, "Network", props)

	way := nat.New(stack, "Nat", nat.Props{
		Name:           e.contract.Resource("nat"),
		VPC:            vpc.VPC(),
		Subnets:        vpc.PublicSubnets(),
		InternetAccess: vpc.InternetAccess(),
		RouteTables:    vpc.PrivateRouteTables(),
		ClientCIDRs:    config.PrivateCIDRs(),
		Mode:           nat.Mode(config.NAT.Mode),
		Machine: nat.Machine{
			InstanceType:    config.NAT.InstanceType,
			Architecture:    config.NAT.Architecture,
			VolumeGiB:       config.NAT.VolumeGiB,
			Image:           config.NAT.Image,
			ImageParameter:  e.contract.Parameter("nat-image"),
			ProbeTargets:    config.NAT.ProbeTargets,
			MetricNamespace: e.env.DisplayName + "/NAT",
		},
		Tags:       e.contract.Tags(),
		AlarmTopic: alarms.topic.Topic(),
	})
	if project := e.env.Atlas.ProjectID; project != "" {
		list := atlas.New(stack, "Atlas", atlas.Props{
			ProjectID: project,
			Profile:   e.env.Atlas.Profile,
			Addresses: way.Addresses(),
			Comment:   e.contract.Resource("nat"),
		})
		way.RoutesAfter(list.Construct)
	}
	return networkStack{network: vpc, nat: way}
}
