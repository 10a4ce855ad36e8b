package externalsecretsio


// Used to configure the provider.
//
// Only one provider may be set.
type ClusterSecretStoreSpecProvider struct {
	// AWS configures this store to sync secrets using AWS Secret Manager provider.
	Aws *ClusterSecretStoreSpecProviderAws `field:"optional" json:"aws" yaml:"aws"`
}

