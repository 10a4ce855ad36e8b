package contract

import "github.com/fintrack/platform/config"

// PortName is the name of a workload's port in pod, Service and probes.
const PortName = "http"

// SecretStore is the ClusterSecretStore that every ExternalSecret refers to.
const SecretStore = "aws-secrets-manager"

// UnreleasedTag is the image tag before the first release. No such image
// exists: the pods wait in ImagePullBackOff until a pipeline has written
// config/releases/<environment>.json.
const UnreleasedTag = "unreleased"

// Labels of Kubernetes' recommended set that the platform puts on everything.
const (
	LabelName      = "app.kubernetes.io/name"
	LabelInstance  = "app.kubernetes.io/instance"
	LabelComponent = "app.kubernetes.io/component"
	LabelPartOf    = "app.kubernetes.io/part-of"
	LabelManagedBy = "app.kubernetes.io/managed-by"
	LabelVersion   = "app.kubernetes.io/version"
)

// RepositoryName is the workload's ECR repository, "fintrack/web".
func (c Contract) RepositoryName(workload string) string {
	return c.env.Registry.Prefix + "/" + workload
}

// RepositoryURI is what `docker push` takes.
func (c Contract) RepositoryURI(workload string) string {
	return c.env.Account + ".dkr.ecr." + c.env.Region + "." + c.DNSSuffix + "/" + c.RepositoryName(workload)
}

// Image is the workload's image as a pod names it: tag for people and digest
// for the container runtime, or the placeholder before a first release.
func (c Contract) Image(workload string) string {
	release, ok := c.env.Releases.Workloads[workload]
	if !ok {
		return c.RepositoryURI(workload) + ":" + UnreleasedTag
	}
	return c.RepositoryURI(workload) + ":" + release.Tag + "@" + release.Digest
}

// Version is the workload's app.kubernetes.io/version label.
func (c Contract) Version(workload string) string {
	if release, ok := c.env.Releases.Workloads[workload]; ok {
		return release.Tag
	}
	return UnreleasedTag
}

// Unreleased lists the workloads that have no release yet.
func (c Contract) Unreleased() []string {
	var names []string
	for _, w := range c.env.Workloads {
		if _, ok := c.env.Releases.Workloads[w.Name]; !ok {
			names = append(names, w.Name)
		}
	}
	return names
}

// SecretPath is the name in Secrets Manager, "fintrack/mongodb-uri".
func (c Contract) SecretPath(secret string) string {
	return c.env.Secrets.Prefix + "/" + secret
}

// SelectorLabels identify a workload's pods. They are immutable in a
// Deployment, so nothing that changes may be among them.
func (c Contract) SelectorLabels(workload string) map[string]string {
	return map[string]string{
		LabelName:     workload,
		LabelInstance: workload + "-" + c.env.Name,
	}
}

// Labels are put on everything that belongs to a workload.
func (c Contract) Labels(w config.Workload) map[string]string {
	labels := c.SelectorLabels(w.Name)
	labels[LabelComponent] = w.Component
	labels[LabelPartOf] = c.env.Project
	labels[LabelManagedBy] = "argocd"
	return labels
}

// ReleaseLabels are Labels and the version. Only what a release changes anyway
// carries them, so that its diff is one file.
func (c Contract) ReleaseLabels(w config.Workload) map[string]string {
	labels := c.Labels(w)
	labels[LabelVersion] = c.Version(w.Name)
	return labels
}

// SharedLabels are put on what belongs to no single workload.
func (c Contract) SharedLabels(component string) map[string]string {
	return map[string]string{
		LabelName:      component,
		LabelInstance:  component + "-" + c.env.Name,
		LabelComponent: component,
		LabelPartOf:    c.env.Project,
		LabelManagedBy: "argocd",
	}
}
