package config

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The shapes that AWS, Kubernetes and Git demand of names. Each service's own
// limit on the length stands where the name is checked.
var (
	nameRule       = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	displayRule    = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	accountRule    = regexp.MustCompile(`^[0-9]{12}$`)
	zoneRule       = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[1-9][a-f]$`)
	emailRule      = regexp.MustCompile(`^[A-Za-z0-9._+-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$`)
	repositoryRule = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$`)
	registryRule   = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$`)
	secretRule     = regexp.MustCompile(`^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`)
	propertyRule   = regexp.MustCompile(`^[A-Za-z0-9_.-]{0,128}$`)
	logPrefixRule  = regexp.MustCompile(`^(/[A-Za-z0-9_.-]+)+$`)
	logNameRule    = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,128}$`)
	principalRule  = regexp.MustCompile(`^(role|user)/[A-Za-z0-9+=,.@_/*-]*[A-Za-z0-9]{3}[A-Za-z0-9+=,.@_/*-]*$`)
	roleRule       = regexp.MustCompile(`^arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64}$`)
	hostRule       = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)
	variableRule   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	httpPathRule   = regexp.MustCompile(`^/[A-Za-z0-9._~/-]*$`)
	dirRule        = regexp.MustCompile(`^(/[A-Za-z0-9._-]+)+$`)
	tagRule        = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$`) // also a Kubernetes label value
	digestRule     = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	commitRule     = regexp.MustCompile(`^[0-9a-f]{40}$`)
	databaseRule   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	postgresRule   = regexp.MustCompile(`^1[4-8]\.[0-9]{1,2}$`)
	addonRule      = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+$`)
	amiRule        = regexp.MustCompile(`^ami-[0-9a-f]{8,17}$`)
	parameterRule  = regexp.MustCompile(`^(/[A-Za-z0-9_.-]+)+(:[1-9][0-9]{0,8})?$`)
	portNameRule   = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,13}[a-z0-9])?$`)

	atlasProjectRule = regexp.MustCompile(`^[0-9a-f]{24}$`)
	atlasProfileRule = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

	// actionRule lets a wildcard stand behind a whole verb only: "s3:Get*".
	actionRule = regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z0-9]*([a-z]{2}\*)?$`)
	// resourceRule is an ARN that CloudFormation completes by Fn::Sub, which
	// fails on a ${…} that it does not know: service, region, account, name.
	resourceRule = regexp.MustCompile(`^arn:\$\{AWS::Partition\}:[a-z0-9-]+:` +
		`(?:\$\{AWS::Region\}|[a-z0-9-]*):` +
		`(\$\{AWS::AccountId\}|[0-9]{12})?:` +
		`((?:` + pseudoParameter + `|[A-Za-z0-9_+=,.@/*?-])(?:` + pseudoParameter + `|[A-Za-z0-9_+=,.@:/*?-])*)$`)
	// kindRule is the kind of a resource in front of its name, "table/".
	kindRule = regexp.MustCompile(`^[a-z-]+[:/]`)
)

const pseudoParameter = `\$\{AWS::(?:Partition|Region|AccountId)\}`

// The lengths that keep every name made of them within AWS' limits; the
// contract's tests do the sums. IAM's 64 for a role is the tightest.
const (
	longestProject   = 20
	longestName      = 20
	longestNamespace = 63
	longestWorkload  = 40
	longestRole      = 64
)

// regions are those where EKS runs, of the partitions that the contract knows.
// A region that is not here is refused, because a typo would be found only by
// the deployment; adding one is one word.
var regions = strings.Fields(`
	af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3
	ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4
	ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 cn-north-1
	cn-northwest-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1
	eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1
	us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 us-west-2`)

// PartitionOf derives AWS' partition from a region's name (AWS general
// reference, "ARNs").
func PartitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}

// endpointServices are AWS services that pods and nodes of a platform like this
// call, by their PrivateLink names. S3 is missing because its gateway endpoint
// is always there.
var endpointServices = strings.Fields(`
	aps-workspaces autoscaling ec2 ec2messages ecr.api ecr.dkr eks eks-auth
	elasticfilesystem elasticloadbalancing email-smtp events kms lambda logs monitoring
	rds secretsmanager sns sqs ssm ssmmessages sts wafv2 xray`)

// reservedNamespaces belong to Kubernetes or to an add-on. A workload there
// would get the add-on's network rules and service accounts.
var reservedNamespaces = []string{"argo-rollouts", "argocd", "default", "external-secrets", "karpenter", "kyverno", "logging", "monitoring"}

// reservedSuffixes end names that belong to another environment: "staging-next"
// is staging's branch of proposals, "staging-network" its network stack.
var reservedSuffixes = []string{"-alarms", "-cluster", "-database", "-identity", "-network", "-next", "-registry"}

// reservedWorkloads are the last parts of role names that the platform itself
// uses; "default-deny", its network policy; and "default", the service account
// that Kubernetes makes in each namespace for pods that name none.
var reservedWorkloads = []string{"alb-controller", "cluster", "cluster-admin", "default", "default-deny", "ebs-csi", "external-secrets", "flow-logs", "fluent-bit", "nat", "nodes", "vpc-cni"}

// reservedVariables are set by the platform or by EKS for every pod. A value
// of one's own would move the port away from the Service or put static
// credentials before the workload's role.
var reservedVariables = map[string]string{
	"PORT":                        "the platform, to the container's port",
	"AWS_ROLE_ARN":                "EKS, to the workload's role",
	"AWS_WEB_IDENTITY_TOKEN_FILE": "EKS, to the workload's token",
	"AWS_ACCESS_KEY_ID":           "no one: the workload has a role",
	"AWS_SECRET_ACCESS_KEY":       "no one: the workload has a role",
	"AWS_SESSION_TOKEN":           "no one: the workload has a role",
}

// name checks a name that ends up in AWS, Kubernetes and DNS names alike.
func name(c *checker, field, value string, longest int) bool {
	return c.require(isName(value, longest), field, value,
		"must be lower-case letters, digits and single hyphens, begin with a letter and have at most %d characters", longest)
}

func isName(value string, longest int) bool {
	return len(value) <= longest && nameRule.MatchString(value)
}

// email checks an e-mail address; 254 characters are SMTP's limit.
func email(c *checker, field, value string) {
	c.require(emailRule.MatchString(value) && len(value) <= 254, field, value, "must be an e-mail address")
}

// isTarget says whether the value is a host name and a port, "example.com:443".
func isTarget(value string) bool {
	host, port, _ := strings.Cut(value, ":")
	number, err := strconv.Atoi(port)
	return hostRule.MatchString(host) && len(host) <= 100 && err == nil && strconv.Itoa(number) == port && number >= 1 && number <= 65535
}

// httpPath checks a path that probes and the load balancer ask; 1024
// characters are the latter's limit.
func httpPath(c *checker, field, value, example string) {
	c.require(httpPathRule.MatchString(value) && len(value) <= 1024, field, value, "must be an HTTP path such as %q", example)
}

// isEverything says whether an ARN is "all buckets" or "all tables of the
// account". Those without an account, buckets, have no kind before the name.
func isEverything(arn string) bool {
	parts := resourceRule.FindStringSubmatch(arn)
	if parts == nil {
		return false
	}
	account, name := parts[1], parts[2]
	if account != "" {
		name = kindRule.ReplaceAllString(name, "")
	}
	return strings.Trim(name, "*?:/") == ""
}

// hasAnyPrefix and hasAnySuffix return the first that fits, or "".
func hasAnyPrefix(value string, prefixes ...string) string {
	for _, p := range prefixes {
		if strings.HasPrefix(value, p) {
			return p
		}
	}
	return ""
}

func hasAnySuffix(value string, suffixes []string) string {
	for _, s := range suffixes {
		if strings.HasSuffix(value, s) {
			return s
		}
	}
	return ""
}

// isText says whether people can read the value; also names the few control
// characters that may stand in it.
func isText(value, control string) bool {
	return utf8.ValidString(value) && strings.IndexFunc(value, func(r rune) bool {
		return !unicode.IsPrint(r) && !strings.ContainsRune(control, r)
	}) < 0
}
