package config

// What a person who adopts the platform edits first. `make doctor` names the
// values that still are the example's.
const (
	exampleAccount    = "111122223333"
	exampleDomain     = "fintrack.example.com"
	exampleRepository = "fintrack/platform"
	exampleOwner      = "platform@fintrack.example.com"

	account    = exampleAccount    // the AWS account of staging
	region     = "eu-north-1"      // see docs/decisions: low carbon, low price, in the EU
	domain     = exampleDomain     // a DNS zone of yours
	repository = exampleRepository // this repository, owner/name
	owner      = exampleOwner      // who to ask
)

// Staging is the environment in which every change is seen first: cheap (one
// NAT instance, SPOT nodes, no TLS certificate to own), but with the same
// parts as production.
func Staging() Environment {
	return Environment{
		Project:     "fintrack",
		DisplayName: "FinTrack",
		Name:        "staging",
		Account:     account,
		Region:      region,
		Owner:       owner,
		Repository:  repository,
		Namespace:   "fintrack",

		// Staging may be taken down as a whole: what must survive (address,
		// images, secrets, keys) is retained resource by resource.
		TerminationProtection: false,

		Network: Network{
			// 65,536 addresses: three /24 pairs now and room to grow without
			// a second VPC.
			CIDR: "10.0.0.0/16",
			Zones: []Zone{
				{Name: region + "a", Public: "10.0.101.0/24", Private: "10.0.1.0/24"},
				{Name: region + "b", Public: "10.0.102.0/24", Private: "10.0.2.0/24"},
				{Name: region + "c", Public: "10.0.103.0/24", Private: "10.0.3.0/24"},
			},
			NAT: NAT{
				// About a tenth of the price of a managed gateway, for a way out
				// that may be gone for some minutes when a machine is lost.
				Mode: NATInstance,
				// Two ARM cores are ample for staging's traffic.
				InstanceType: "t4g.micro",
				Architecture: ARM64,
				VolumeGiB:    8,
			},
			FlowLogRetentionDays: 14,
		},

		Cluster: Cluster{
			// One minor behind the newest that EKS offers (1.36), so that every
			// add-on has been run on it by others; in standard support until
			// the end of March 2027. docs/decisions/0018 says when to move.
			Version: "1.35",
			// Reachable by people and pipelines without a VPN; IAM decides who
			// gets in. Narrow it to an office range where there is one.
			PublicAccessCIDRs: []string{"0.0.0.0/0"},
			// AWS' own default, written down because it can never change.
			ServiceCIDR:      "172.20.0.0/16",
			LogRetentionDays: 30,
			// Deleting a cluster by accident costs an hour; switching this off
			// first costs a minute.
			DeletionProtection: true,
			// Whoever has IAM Identity Center's AdministratorAccess. Without
			// Identity Center put your own role or user here.
			AdminPrincipals: []string{"role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_AdministratorAccess_*"},
			Nodes: Nodes{
				// Two vCPU and 8 GiB each, so that the scheduler sees nodes of
				// one shape and the cluster-autoscaling arithmetic holds; four
				// families make four SPOT pools in each zone. A `large` takes
				// 29 pods or more, which the add-ons alone half fill.
				InstanceTypes: []string{"t3.large", "m5.large", "m6i.large", "m7i.large"},
				Architecture:  AMD64,
				CapacityType:  "SPOT",
				Min:           1,
				Desired:       2,
				Max:           3,
				VolumeGiB:     50,
			},
		},

		Registry: Registry{
			Prefix: "fintrack",
			// A release a day is rolled back within a month.
			KeepImages:   30,
			UntaggedDays: 14,
		},

		Database: Database{
			// FinTrack's data is in MongoDB Atlas. The rest is ready for the
			// day when a workload wants SQL.
			Enabled:       false,
			EngineVersion: "17.6",
			InstanceClass: "db.t4g.micro",
			Name:          "fintrack",
			StorageGiB:    20, // the least that gp3 takes
			MaxStorageGiB: 100,
			BackupDays:    7,
			MultiAZ:       false,
		},

		Secrets: Secrets{Prefix: "fintrack"},

		Logs: Logs{
			Prefix: "/fintrack",
			Groups: []LogGroup{
				{Name: "application", RetentionDays: 30}, // the workloads' own lines
				{Name: "platform", RetentionDays: 14},    // add-ons and kube-system
			},
		},

		Alarms: Alarms{Emails: []string{owner}},

		Workloads: []Workload{
			{
				Name:        "web",
				Component:   "web",
				Port:        3000,
				ServicePort: 80,
				// The user "nextjs" of the image.
				User:     1001,
				Replicas: 2,
				Autoscaling: Autoscaling{
					Enabled: true,
					// Two, so that a node may go at any time; five fill three
					// nodes' spare CPU.
					Min: 2, Max: 5,
					CPUPercent: 70,
				},
				Resources: Resources{
					CPURequest: "100m", CPULimit: "250m",
					MemoryRequest: "128Mi", MemoryLimit: "256Mi",
				},
				Health: Health{Live: "/healthz", Ready: "/readyz"},
				Ingress: &Ingress{
					Host:         "staging." + domain,
					Scheme:       "internet-facing",
					InboundCIDRs: []string{"0.0.0.0/0"},
				},
				Settings: map[string]string{
					"LOG_LEVEL": "info",
					"NODE_ENV":  "production",
				},
				Secrets: []SecretVariable{{
					Variable:    "MONGODB_URI",
					Secret:      "mongodb-uri",
					Description: "MongoDB Atlas connection string (mongodb+srv://…) of the FinTrack web service",
				}},
				Egress: []Egress{
					{Name: "https", Port: 443},
					{Name: "mongodb", Port: 27017},
				},
				Writable: []WritableDir{
					// Node and its libraries expect a writable /tmp.
					{Path: "/tmp", SizeLimit: "64Mi"},
					// Where Next.js keeps rendered pages and images.
					{Path: "/app/.next/cache", SizeLimit: "128Mi"},
				},
				MetricsPath: "/metrics",
				// Long enough for a slow request, short enough for a rollout
				// of five pods within minutes.
				DrainSeconds:    30,
				ShutdownSeconds: 20,
			},
		},

		Releases: releasesOf("staging"),
	}
}

// All lists every environment in the order in which a change passes through
// them.
func All() []Environment {
	return []Environment{Staging()}
}
