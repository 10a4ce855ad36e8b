package externalsecretsio


// AWSJWTAuth stores reference to Authenticate against AWS using service account tokens.
type ClusterSecretStoreSpecProviderAwsAuthJwt struct {
	// ServiceAccountSelector is a reference to a ServiceAccount resource.
	ServiceAccountRef *ClusterSecretStoreSpecProviderAwsAuthJwtServiceAccountRef `field:"optional" json:"serviceAccountRef" yaml:"serviceAccountRef"`
}

