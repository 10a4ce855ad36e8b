package contract

// Identity binds one Kubernetes service account to one IAM role. The stacks
// write Subject into the role's trust policy, the charts write RoleARN into the
// service account's annotation; the seam tests compare the two.
type Identity struct {
	// Role is the IAM role's name.
	Role string
	// RoleARN is the role's ARN with the concrete account and partition.
	RoleARN string
	// Namespace and ServiceAccount are the Kubernetes side.
	Namespace      string
	ServiceAccount string
}

// Subject is the `sub` claim of the service account's tokens.
func (i Identity) Subject() string {
	return "system:serviceaccount:" + i.Namespace + ":" + i.ServiceAccount
}

// TokenAudience is the `aud` claim of tokens that are meant for AWS.
const TokenAudience = "sts.amazonaws.com"

// RoleAnnotation is the service-account annotation that EKS' webhook reads.
const RoleAnnotation = "eks.amazonaws.com/role-arn"

// Namespaces of the add-ons. The names are those that the projects' own charts
// and documentation use.
const (
	NamespaceSystem          = "kube-system"
	NamespaceExternalSecrets = "external-secrets"
	NamespaceLogging         = "logging"
	NamespaceMonitoring      = "monitoring"
)

func (c Contract) identity(part, namespace, serviceAccount string) Identity {
	role := c.Resource(part)
	return Identity{
		Role:           role,
		RoleARN:        "arn:" + c.Partition + ":iam::" + c.env.Account + ":role/" + role,
		Namespace:      namespace,
		ServiceAccount: serviceAccount,
	}
}

// ExternalSecrets is the External Secrets Operator, which reads the workloads'
// secrets.
func (c Contract) ExternalSecrets() Identity {
	return c.identity("external-secrets", NamespaceExternalSecrets, "external-secrets")
}

// FluentBit ships log lines to CloudWatch.
func (c Contract) FluentBit() Identity {
	return c.identity("fluent-bit", NamespaceLogging, "fluent-bit")
}

// ALBController is the AWS Load Balancer Controller.
func (c Contract) ALBController() Identity {
	return c.identity("alb-controller", NamespaceSystem, "aws-load-balancer-controller")
}

// VPCCNI is the pod network. Its service account comes from the EKS add-on and
// not from our manifests.
func (c Contract) VPCCNI() Identity {
	return c.identity("vpc-cni", NamespaceSystem, "aws-node")
}

// EBSCSI is the volume driver. Its service account comes from the EKS add-on
// and not from our manifests.
func (c Contract) EBSCSI() Identity {
	return c.identity("ebs-csi", NamespaceSystem, "ebs-csi-controller-sa")
}

// Workload is the identity of the workload of that name.
func (c Contract) Workload(name string) Identity {
	return c.identity(name, c.env.Namespace, name)
}
