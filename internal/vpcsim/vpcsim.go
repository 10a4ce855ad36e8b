// Package vpcsim is a small VPC made of Linux network namespaces, for tests
// that want real packets: a private host, an internet, and machines that boot
// from user data in a public subnet. What the machines ask of AWS is answered
// on the addresses and under the names that they would use on EC2.
//
//   - sandbox_linux.go: a test runs itself again in namespaces of its own, as
//     an ordinary user where the kernel allows that
//   - vpc_linux.go: subnets, route tables and the internet gateway, which maps
//     public addresses and drops what has none
//   - hosts_linux.go: the private host and the internet host, and connections
//     between them
//   - machine_linux.go: machines: launched, rebooted, killed
//   - metadata_linux.go: the instance metadata service (IMDSv2)
//   - api_linux.go: the few calls of EC2, Auto Scaling, CloudFormation and
//     CloudWatch that a NAT makes. Each is held against the IAM policy of the
//     machine's role; a forbidden one is refused and remembered
//
// It knows nothing of the platform: ids and addresses are its own, and the test
// puts them into the user data. It models what the tests rely on (routes,
// source/destination check, one public address for each private one, hot plug,
// and that a call may lose its answer) and no more: there are no security
// groups, so a machine that is closed here is closed by itself.
package vpcsim

// Ids and addresses of everything that CloudFormation would have made.
const (
	Account    = "111122223333"
	Region     = "eu-north-1"
	Partition  = "aws"
	Interface  = "eni-0a1b2c3d4e5f60001"
	Allocation = "eipalloc-0a1b2c3d4e5f60002"
	StackID    = "arn:aws:cloudformation:eu-north-1:111122223333:stack/Network/5f2c3a10-0000-11f0-8000-0a1b2c3d4e5f"

	// Address is the Elastic IP, InsideAddress the private address of the fixed
	// interface.
	Address       = "203.0.113.10"
	InsideAddress = "10.0.101.50"

	// The public subnet, and the two private ones with a host in each.
	PublicCIDR   = "10.0.101.0/24"
	PrivateCIDR  = "10.0.1.0/24"
	PrivateCIDR2 = "10.0.2.0/24"
	PrivateHost  = "10.0.1.10"
	PrivateHost2 = "10.0.2.10"

	// InternetHost serves what the tests ask for; AWS' endpoints and the targets
	// of probes are neighbours of it.
	InternetHost = "198.51.100.10"
	apiHost      = "198.51.100.20"
	probeHost    = "198.51.100.30"
)
