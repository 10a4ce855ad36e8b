package externalsecretsio


// SecretStoreRef defines which SecretStore to fetch the ExternalSecret data.
type ExternalSecretSpecDataSourceRefStoreRef struct {
	// Kind of the SecretStore resource (SecretStore or ClusterSecretStore) Defaults to `SecretStore`.
	// Default: SecretStore`.
	//
	Kind ExternalSecretSpecDataSourceRefStoreRefKind `field:"optional" json:"kind" yaml:"kind"`
	// Name of the SecretStore resource.
	Name *string `field:"optional" json:"name" yaml:"name"`
}

