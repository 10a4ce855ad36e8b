package fintrack_test

import (
	"testing"

	"github.com/fintrack/platform/config"
)

func TestTheServiceLeadsToThePodsPort(t *testing.T) {
	objects := synth(t, workload(func(w *config.Workload) { w.ServicePort = 8000 }))
	objects.One(t, "Service", "web").Want("spec", `{
		"type": "ClusterIP",
		"selector": `+webSelector+`,
		"ports": [{"name": "http", "port": 8000, "targetPort": "http", "protocol": "TCP"}]
	}`)
	objects.One(t, "Deployment", "web").Want("spec template spec containers 0 ports 0 name", `"http"`)
}
