package fintrack_test

import (
	"testing"

	"github.com/fintrack/platform/config"
)

func TestTheNamespaceIsHeldToPodSecurityRestricted(t *testing.T) {
	env := func(env *config.Environment) { env.Cluster.Version = "1.36" }
	namespace := synth(t, env).One(t, "Namespace", "fintrack")
	for _, mode := range []string{"enforce", "audit", "warn"} {
		namespace.Want("metadata labels pod-security.kubernetes.io/"+mode, `"restricted"`)
		namespace.Want("metadata labels pod-security.kubernetes.io/"+mode+"-version", `"v1.36"`)
	}
}

func TestTheLoadBalancerJoinsInAPodsReadiness(t *testing.T) {
	synth(t).One(t, "Namespace", "fintrack").
		Want("metadata labels elbv2.k8s.aws/pod-readiness-gate-inject", `"enabled"`)
}
