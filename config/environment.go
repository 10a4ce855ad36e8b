package config

// Environment is everything that tells one deployment of the platform from
// another. Stacks and charts read it and nothing else, so whatever differs
// between staging and production is a field here and never an `if` on a name.
//
// The zero value is not deployable: Validate names what is missing.
type Environment struct {
	// Project prefixes every name that AWS wants unique in an account.
	Project string
	// DisplayName is Project as people write it; it begins the names of the
	// CloudFormation stacks.
	DisplayName string
	// Name is the environment's short name in lower case, "staging". It is
	// part of stack, role, cluster and branch names.
	Name string
	// Account is the twelve-digit AWS account that the environment lives in.
	Account string
	// Region is the AWS region, "eu-north-1".
	Region string
	// Owner is the e-mail address of the people to ask; every AWS resource
	// carries it as a tag.
	Owner string
	// Repository is the Git repository of this code as "owner/name"; every AWS
	// resource carries it as a tag, so that a bill leads back to the code.
	Repository string
	// Namespace is the Kubernetes namespace of the workloads.
	Namespace string
	// TerminationProtection refuses the deletion of a whole stack.
	TerminationProtection bool

	Network   Network
	Cluster   Cluster
	Registry  Registry
	Database  Database
	Secrets   Secrets
	Logs      Logs
	Alarms    Alarms
	Atlas     Atlas
	Workloads []Workload

	// Releases says which image of each workload is deployed. It is read from
	// releases/<name>.json, the one input that a pipeline writes.
	Releases Releases
}

// Network is the VPC and its way out to the internet.
type Network struct {
	// CIDR is the VPC's IPv4 range, a private one of /16 to /25.
	CIDR string
	// Zones are the availability zones with the ranges of their two subnets.
	// They are fixed values: a lookup would make synth depend on an account,
	// and a list that AWS reorders would move subnets.
	Zones []Zone
	NAT   NAT
	// FlowLogRetentionDays keeps the VPC's flow logs that long; 0 switches
	// flow logs off.
	FlowLogRetentionDays int
	// InterfaceEndpoints are AWS services reached without the NAT by
	// PrivateLink, by their short names ("ecr.api", "sts"). Each costs money
	// in every zone, so there are none by default. The S3 gateway endpoint is
	// free and always present.
	InterfaceEndpoints []string
}

// PublicCIDRs are the ranges of the public subnets, in the order of the zones.
func (n Network) PublicCIDRs() []string {
	var cidrs []string
	for _, zone := range n.Zones {
		cidrs = append(cidrs, zone.Public)
	}
	return cidrs
}

// PrivateCIDRs are the ranges of the private subnets, in the order of the
// zones.
func (n Network) PrivateCIDRs() []string {
	var cidrs []string
	for _, zone := range n.Zones {
		cidrs = append(cidrs, zone.Private)
	}
	return cidrs
}

// Zone is one availability zone with one public and one private subnet.
type Zone struct {
	// Name is the zone's full name, "eu-north-1a".
	Name string
	// Public is the CIDR of the subnet that load balancers and the NAT use, a
	// /27 at least.
	Public string
	// Private is the CIDR of the subnet that nodes and pods use.
	Private string
}

// The modes of a NAT.
const (
	// NATInstance is one machine that is replaced by itself when it is lost.
	NATInstance = "Instance"
	// NATGateway is one managed gateway.
	NATGateway = "Gateway"
	// NATGatewayPerZone is a managed gateway in each zone. Each has an address
	// of its own.
	NATGatewayPerZone = "GatewayPerZone"
)

// NAT is the one address that private workloads have on the internet.
type NAT struct {
	// Mode is "Instance", "Gateway" or "GatewayPerZone". The address stays when
	// it changes. AWS gives it to one at a time, so it is taken off the machine or
	// gateway by hand first, and until the deployment is done there is no way out.
	Mode string
	// The rest is the machine of "Instance". Gateways do not read it, and it may
	// be empty for them.

	// InstanceType is the EC2 type of the NAT instance, of the arm64 or amd64
	// architecture that Architecture says.
	InstanceType string
	// Architecture is "arm64" or "amd64" and selects the machine image.
	Architecture string
	// VolumeGiB is the size of the instance's encrypted root volume in GiB;
	// the Amazon Linux 2023 image needs at least 8.
	VolumeGiB int
	// Image is an image's id ("ami-…"), or the name of an SSM parameter that
	// holds one, with ":version" behind it to pin it. Another text makes another
	// machine. Empty takes the Amazon Linux 2023 of the architecture that was the
	// newest when CloudFormation made the NAT, and stays with it.
	Image string
	// ProbeTargets are what the machine connects to ("host:port") to see that it
	// forwards; at most 4. Empty takes two of AWS' own.
	ProbeTargets []string
}

// Cluster is the EKS control plane and its nodes.
type Cluster struct {
	// Version is the Kubernetes minor version, "1.35".
	Version string
	// PublicAccessCIDRs are the ranges that may reach the public API endpoint.
	// Empty closes the public endpoint; the private one is always open to the
	// VPC. Private ranges are refused, they never get there.
	PublicAccessCIDRs []string
	// ServiceCIDR is the range of Kubernetes Services, a private one of /12 to
	// /24; it must not overlap the VPC.
	ServiceCIDR string
	// LogRetentionDays keeps the control plane's five logs that long.
	LogRetentionDays int
	// DeletionProtection makes EKS refuse to delete the cluster.
	DeletionProtection bool
	// AdminPrincipals may assume the admin role that the platform makes: roles
	// and users of this account, as "role/…" or "user/…" with their paths. A *
	// stands for any characters. Nobody else of the account may, whatever their
	// policies say.
	AdminPrincipals []string
	// Admins are ARNs of IAM roles, also of other accounts, that get
	// cluster-admin beside the admin role that the platform makes itself.
	Admins []string
	Nodes  Nodes
	// AddonVersions pins EKS add-ons by name. An add-on that is not named here
	// gets EKS' default version for the cluster's Kubernetes version.
	AddonVersions map[string]string
}

// Nodes is the managed node group.
type Nodes struct {
	// InstanceTypes are the EC2 types that EKS may choose from. SPOT wants
	// several: each type is a capacity pool of its own in each zone.
	InstanceTypes []string
	// Architecture is "amd64" or "arm64"; it selects the node image and must
	// be that of every instance type.
	Architecture string
	// CapacityType is "SPOT" or "ON_DEMAND".
	CapacityType string
	// Min, Desired and Max are numbers of nodes.
	Min, Desired, Max int
	// VolumeGiB is the size of each node's encrypted root volume in GiB.
	VolumeGiB int
}

// Registry is the ECR side: one repository for each workload.
type Registry struct {
	// Prefix is the first part of every repository name, "fintrack" in
	// "fintrack/web".
	Prefix string
	// KeepImages is how many tagged images of a workload stay, at least 2.
	KeepImages int
	// UntaggedDays is after how many days an untagged image goes.
	UntaggedDays int
}

// Database is the optional PostgreSQL on RDS. FinTrack's data lives in MongoDB
// Atlas, so it is off unless a workload needs it.
type Database struct {
	Enabled bool
	// EngineVersion is the PostgreSQL version, "17.6".
	EngineVersion string
	// InstanceClass is the RDS class, "db.t4g.micro".
	InstanceClass string
	// Name is the database that is made on the instance.
	Name string
	// StorageGiB is the storage to begin with, MaxStorageGiB the bound up to
	// which RDS may grow it by itself, in GiB; at least a tenth more.
	StorageGiB, MaxStorageGiB int
	// BackupDays is how long automated backups are kept, 1 to 35.
	BackupDays int
	// MultiAZ keeps a standby in another zone.
	MultiAZ bool
}

// Secrets is the part of AWS Secrets Manager that belongs to the workloads.
type Secrets struct {
	// Prefix is the path that all secrets share, "fintrack" in
	// "fintrack/mongodb-uri". The External Secrets role reads this path only.
	Prefix string
}

// Logs are the CloudWatch log groups that Fluent Bit writes to.
type Logs struct {
	// Prefix is the first part of the groups' names, "/fintrack". The Fluent
	// Bit role writes below this path only.
	Prefix string
	// Groups are made by the stack, so that each has a retention and the role
	// needs no right to create groups.
	Groups []LogGroup
}

// LogGroup is one CloudWatch log group.
type LogGroup struct {
	// Name is the last part of the group's name, "application".
	Name string
	// RetentionDays is one of the values that CloudWatch takes.
	RetentionDays int
}

// Alarms say who hears that something is wrong.
type Alarms struct {
	// Emails get every alarm, once their owners have confirmed the subscription
	// that AWS sends them.
	Emails []string
}

// Atlas is the MongoDB Atlas project whose IP access list gets the NAT's
// addresses by CloudFormation. MongoDB's resource type must be activated in the
// account before.
type Atlas struct {
	// ProjectID is the project's id of 24 hexadecimal digits; empty leaves the
	// list to people.
	ProjectID string
	// Profile names the API key: it is in the secret cfn/atlas/profile/PROFILE.
	// Empty means "default".
	Profile string
}

// Workload is one service that runs in the cluster. A second service is one
// more value of this type, not a new chart.
type Workload struct {
	// Name is the name of the Deployment, Service, ServiceAccount, image
	// repository and role.
	Name string
	// Component is the app.kubernetes.io/component label, "web".
	Component string
	// Port is the container's port in the image.
	Port int
	// ServicePort is the port of the ClusterIP Service in front of it.
	ServicePort int
	// User is the numeric user and group that the image runs as; it must not
	// be 0.
	User int
	// Replicas is used only when Autoscaling is off.
	Replicas    int
	Autoscaling Autoscaling
	Resources   Resources
	Health      Health
	// Ingress publishes the workload; nil keeps it inside the cluster.
	Ingress *Ingress
	// Settings are plain environment variables. They become a ConfigMap whose
	// name carries a hash of its content, so that a change rolls the pods.
	Settings map[string]string
	// Secrets are environment variables whose values live in Secrets Manager.
	Secrets []SecretVariable
	// Egress are the TCP ports that the pods may open. DNS is always allowed,
	// everything else is denied.
	Egress []Egress
	// Writable are directories that the program writes to; each becomes an
	// emptyDir, because the root file system is read-only.
	Writable []WritableDir
	// MetricsPath is scraped by Prometheus on Port; empty means no metrics,
	// and then nothing but the load balancer may reach the pods.
	MetricsPath string
	// DrainSeconds is how long the load balancer goes on sending to a pod that
	// leaves (its deregistration delay). The pod lives longer than that. On
	// SPOT nodes the two together have 100 seconds.
	DrainSeconds int
	// ShutdownSeconds is what the program may take to end after SIGTERM.
	ShutdownSeconds int
	// Permissions are what the workload's IAM role allows. None is the
	// default: the role exists so that one line here is enough to use AWS.
	Permissions []Permission
}

// Autoscaling is the HorizontalPodAutoscaler of a workload.
type Autoscaling struct {
	// Enabled hands the replica count to the autoscaler; the Deployment then
	// has no replicas field, or the two would fight at every sync.
	Enabled bool
	// Min and Max are numbers of pods.
	Min, Max int
	// CPUPercent is the target utilization of the CPU request.
	CPUPercent int
}

// Resources are Kubernetes quantities for one container: CPU as "250m" or
// "0.5", memory with a unit as in "128Mi".
type Resources struct {
	CPURequest, CPULimit       string
	MemoryRequest, MemoryLimit string
}

// Health holds the HTTP paths of the probes.
type Health struct {
	// Live answers while the process works; it must not look at the database,
	// or an outage there would restart every pod.
	Live string
	// Ready answers while the workload can serve; the load balancer asks it
	// too.
	Ready string
}

// Ingress publishes a workload by an Application Load Balancer.
type Ingress struct {
	// Host is the DNS name that the load balancer answers to.
	Host string
	// Scheme is "internet-facing" or "internal".
	Scheme string
	// InboundCIDRs may reach the load balancer; for the internet that is
	// 0.0.0.0/0. An internal one takes private ranges, the other public ones.
	InboundCIDRs []string
}

// SecretVariable maps a secret to an environment variable.
type SecretVariable struct {
	// Variable is the name in the pod, "MONGODB_URI".
	Variable string
	// Secret is the last part of the secret's path, "mongodb-uri".
	Secret string
	// Property picks one key of a secret that is a JSON object; empty takes
	// the whole value.
	Property string
	// Description says in Secrets Manager what belongs into it. Variables of
	// the same secret must say the same.
	Description string
}

// Egress is one TCP port that a workload may open.
type Egress struct {
	// Name says what for, "mongodb".
	Name string
	Port int
	// VPC aims the rule at the private subnets (a database, an interface
	// endpoint) instead of the internet without the VPC.
	VPC bool
}

// WritableDir is one writable directory of a container.
type WritableDir struct {
	// Path is absolute, "/tmp". It must not hide what the image needs, such as
	// "/usr".
	Path string
	// SizeLimit is a Kubernetes quantity; a pod that writes more is evicted.
	SizeLimit string
}

// Permission is one Allow statement of a workload's role.
type Permission struct {
	// Actions are IAM actions such as "s3:GetObject" or "s3:Get*"; a
	// service-wide wildcard is refused, and so is IAM itself.
	Actions []string
	// Resources are ARNs that begin with "arn:${AWS::Partition}:". That,
	// ${AWS::Region} and ${AWS::AccountId} are replaced by CloudFormation. "*"
	// and everything of a kind ("table/*") are refused.
	Resources []string
}
