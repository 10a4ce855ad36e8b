package addons

import (
	"github.com/aws/jsii-runtime-go"

	"github.com/fintrack/platform/charts/internal/kube"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	eso "github.com/fintrack/platform/imports/externalsecretsio"
)

// clusterSecretStore is where the workloads' ExternalSecrets look: AWS Secrets
// Manager of the environment's region, with the operator's own role.
//
// The role reads the secrets of all workloads, so the store answers only to
// their namespace: elsewhere an ExternalSecret would be a way to read them.
func clusterSecretStore(chart *kube.Chart, env config.Environment, c contract.Contract) {
	operator := c.ExternalSecrets()
	eso.NewClusterSecretStore(chart.Scope, chart.ID("ClusterSecretStore", contract.SecretStore), &eso.ClusterSecretStoreProps{
		Metadata: kube.Meta{
			Name:   contract.SecretStore,
			Labels: c.SharedLabels(operator.ServiceAccount),
		}.Custom(),
		Spec: &eso.ClusterSecretStoreSpec{
			Conditions: &[]*eso.ClusterSecretStoreSpecConditions{{Namespaces: jsii.Strings(env.Namespace)}},
			Provider: &eso.ClusterSecretStoreSpecProvider{Aws: &eso.ClusterSecretStoreSpecProviderAws{
				Service: eso.ClusterSecretStoreSpecProviderAwsService_SECRETS_MANAGER,
				Region:  new(env.Region),
				Auth: &eso.ClusterSecretStoreSpecProviderAwsAuth{Jwt: &eso.ClusterSecretStoreSpecProviderAwsAuthJwt{
					ServiceAccountRef: &eso.ClusterSecretStoreSpecProviderAwsAuthJwtServiceAccountRef{
						Name:      new(operator.ServiceAccount),
						Namespace: new(operator.Namespace),
					},
				}},
			}},
		},
	})
}
