package fintrack

import (
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/contract"
	eso "github.com/fintrack/platform/imports/externalsecretsio"
)

// externalSecret has the secret settings copied from AWS Secrets Manager into
// a Secret and returns the Secret's name, or "" when there are none.
//
// Fields that have a default in the custom resource's schema are written out
// where some version of External Secrets would add them: a field that appears
// in the cluster but not in Git is a difference that Argo CD reports for ever.
func (w workload) externalSecret() string {
	if len(w.Secrets) == 0 {
		return ""
	}
	var data []*eso.ExternalSecretSpecData
	for _, s := range w.Secrets {
		data = append(data, w.secretKey(s))
	}
	eso.NewExternalSecret(w.chart.Scope, w.chart.ID("ExternalSecret", w.Name), &eso.ExternalSecretProps{
		Metadata: w.meta(w.Name).Custom(),
		Spec: &eso.ExternalSecretSpec{
			// A rotated secret arrives within the hour; each look is a paid
			// call. Written as Go prints it, which is how the operator writes
			// it back.
			RefreshInterval: new("1h0m0s"),
			SecretStoreRef: &eso.ExternalSecretSpecSecretStoreRef{
				Kind: eso.ExternalSecretSpecSecretStoreRefKind_CLUSTER_SECRET_STORE,
				Name: new(contract.SecretStore),
			},
			Target: &eso.ExternalSecretSpecTarget{
				Name:           new(w.Name),
				CreationPolicy: eso.ExternalSecretSpecTargetCreationPolicy_OWNER,
				// A secret that is gone in AWS must not stop pods from
				// starting.
				DeletionPolicy: eso.ExternalSecretSpecTargetDeletionPolicy_RETAIN,
			},
			Data: &data,
		},
	})
	return w.Name
}

func (w workload) secretKey(s config.SecretVariable) *eso.ExternalSecretSpecData {
	ref := &eso.ExternalSecretSpecDataRemoteRef{
		Key:                new(w.contract.SecretPath(s.Secret)),
		ConversionStrategy: eso.ExternalSecretSpecDataRemoteRefConversionStrategy_DEFAULT,
		DecodingStrategy:   eso.ExternalSecretSpecDataRemoteRefDecodingStrategy_NONE,
		MetadataPolicy:     eso.ExternalSecretSpecDataRemoteRefMetadataPolicy_NONE,
	}
	if s.Property != "" {
		ref.Property = new(s.Property)
	}
	return &eso.ExternalSecretSpecData{SecretKey: new(s.Variable), RemoteRef: ref}
}
