package fintrack_test

import (
	"testing"

	"github.com/fintrack/platform/config"
)

func TestSecretsComeFromTheStoreIntoASecretThatThePodsRead(t *testing.T) {
	objects := synth(t)
	objects.One(t, "ExternalSecret", "web").Want("spec", `{
		"refreshInterval": "1h0m0s",
		"secretStoreRef": {"kind": "ClusterSecretStore", "name": "aws-secrets-manager"},
		"target": {"name": "web", "creationPolicy": "Owner", "deletionPolicy": "Retain"},
		"data": [{
			"secretKey": "MONGODB_URI",
			"remoteRef": {
				"key": "fintrack/mongodb-uri",
				"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"
			}
		}]
	}`)
	objects.One(t, "Deployment", "web").Want("spec template spec containers 0 envFrom 1", `{"secretRef": {"name": "web"}}`)
}

func TestOnePropertyOfASecretCanBePicked(t *testing.T) {
	secret := synth(t, workload(func(w *config.Workload) {
		w.Secrets = append(w.Secrets, config.SecretVariable{
			Variable: "SMTP_PASSWORD", Secret: "smtp", Property: "password", Description: "mail",
		})
	})).One(t, "ExternalSecret", "web")
	secret.WantAbsent("spec data 0 remoteRef property")
	secret.Want("spec data 1 secretKey", `"SMTP_PASSWORD"`)
	secret.Want("spec data 1 remoteRef key", `"fintrack/smtp"`)
	secret.Want("spec data 1 remoteRef property", `"password"`)
}

func TestWithoutSecretsThereIsNoExternalSecret(t *testing.T) {
	objects := synth(t, workload(func(w *config.Workload) { w.Secrets = nil }))
	objects.None(t, "ExternalSecret")
	objects.One(t, "Deployment", "web").Want("spec template spec containers 0 envFrom", `[{"configMapRef": {"name": "web-d25c8d1c52"}}]`)
}

func TestWithoutSettingsAndSecretsTheEnvironmentIsThePort(t *testing.T) {
	container := synth(t, workload(func(w *config.Workload) { w.Settings, w.Secrets = nil, nil })).One(t, "Deployment", "web")
	container.WantAbsent("spec template spec containers 0 envFrom")
	container.Want("spec template spec containers 0 env", `[{"name": "PORT", "value": "3000"}]`)
}
