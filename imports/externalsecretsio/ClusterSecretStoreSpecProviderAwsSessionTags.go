package externalsecretsio


// Tag is a key-value pair that can be attached to an AWS resource.
//
// see: https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html
type ClusterSecretStoreSpecProviderAwsSessionTags struct {
	Key *string `field:"required" json:"key" yaml:"key"`
	Value *string `field:"required" json:"value" yaml:"value"`
}

