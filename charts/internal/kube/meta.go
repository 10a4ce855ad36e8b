package kube

import (
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/internal/ptr"
)

// Meta describes one object. Every object of the platform says its name,
// namespace and labels itself: defaults of a chart or of whoever applies it
// would make the same file mean different things.
type Meta struct {
	Name string
	// Namespace stays empty for objects of the whole cluster.
	Namespace   string
	Labels      map[string]string
	Annotations map[string]string
}

// Object is m for Kubernetes' own kinds.
func (m Meta) Object() *k8s.ObjectMeta {
	return &k8s.ObjectMeta{
		Name:        new(m.Name),
		Namespace:   optional(m.Namespace),
		Labels:      ptr.Map(m.Labels),
		Annotations: ptr.Map(m.Annotations),
	}
}

// Custom is m for custom resources.
func (m Meta) Custom() *cdk8s.ApiObjectMetadata {
	return &cdk8s.ApiObjectMetadata{
		Name:        new(m.Name),
		Namespace:   optional(m.Namespace),
		Labels:      ptr.Map(m.Labels),
		Annotations: ptr.Map(m.Annotations),
	}
}

// optional leaves an empty text out of the manifest.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
