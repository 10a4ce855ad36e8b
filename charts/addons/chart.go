package addons

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
)

// Name is the rendered folder.
const Name = "addons"

// New makes the chart of an environment's add-ons.
func New(scope constructs.Construct, env config.Environment, c contract.Contract) *kube.Chart {
	chart := kube.NewChart(scope, Name)
	namespaces(chart, env, c)
	networkPolicies(chart, env, c)
	for _, identity := range []contract.Identity{c.ExternalSecrets(), c.FluentBit(), c.ALBController()} {
		serviceAccount(chart, c, identity)
	}
	clusterSecretStore(chart, env, c)
	return chart
}
