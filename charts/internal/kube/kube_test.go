package kube_test

import (
	"strings"
	"testing"

	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"

	"github.com/fintrack/platform/charts/internal/charttest"
	"github.com/fintrack/platform/charts/internal/kube"
)

func TestMain(m *testing.M) { charttest.Main(m) }

// A render of many workloads is slow when this breaks, and the same otherwise.
func TestEachValueIsMadeOnce(t *testing.T) {
	var v kube.Values
	if v.Number(80) != v.Number(80) || v.Name("http") != v.Name("http") || v.Quantity("1Gi") != v.Quantity("1Gi") {
		t.Error("a value was made a second time")
	}
	if v.Number(80) == v.Number(81) || v.Name("http") == v.Name("https") || v.Quantity("1Gi") == v.Quantity("2Gi") {
		t.Error("two values are one")
	}
}

func TestCheckComparesObjectsWithFiles(t *testing.T) {
	chart := kube.NewChart(cdk8s.NewApp(nil), "shop")
	chart.ID("Service", "web")
	chart.ID("Deployment", "web")
	if err := chart.Check([]string{"Deployment.web.yaml", "Service.web.yaml"}); err != nil {
		t.Errorf("everything is there, and yet: %v", err)
	}
	err := chart.Check([]string{"Service.web.yaml", "Ingress.web.yaml"})
	if err == nil {
		t.Fatal("a missing and a surplus file passed")
	}
	for _, want := range []string{"shop: no file Deployment.web.yaml", "shop: the file Ingress.web.yaml belongs to no object"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	// Two objects of one kind and name have one file between them.
	chart.ID("Service", "web")
	if err := chart.Check([]string{"Deployment.web.yaml", "Service.web.yaml"}); err == nil || !strings.Contains(err.Error(), "Service.web.yaml") {
		t.Errorf("the error is %v, want one that names Service.web.yaml", err)
	}
}
