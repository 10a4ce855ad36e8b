package kube

import "github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

// Values makes the values that Kubernetes takes as a number or a text. Each is
// an object on the other side of jsii, so making one is a round trip; a
// workload needs twenty, nearly all of them the same as the last one's. Values
// makes each once. The zero value is ready, for one chart.
type Values struct {
	numbers    map[int]k8s.IntOrString
	names      map[string]k8s.IntOrString
	quantities map[string]k8s.Quantity
}

// Number is a port number or a count.
func (v *Values) Number(n int) k8s.IntOrString {
	return once(&v.numbers, n, func() k8s.IntOrString { return k8s.IntOrString_FromNumber(new(float64(n))) })
}

// Name is the name of a port.
func (v *Values) Name(name string) k8s.IntOrString {
	return once(&v.names, name, func() k8s.IntOrString { return k8s.IntOrString_FromString(new(name)) })
}

// Quantity is an amount of CPU, memory or storage, "250m" or "128Mi".
func (v *Values) Quantity(amount string) k8s.Quantity {
	return once(&v.quantities, amount, func() k8s.Quantity { return k8s.Quantity_FromString(new(amount)) })
}

func once[K comparable, V any](made *map[K]V, key K, build func() V) V {
	if value, ok := (*made)[key]; ok {
		return value
	}
	if *made == nil {
		*made = map[K]V{}
	}
	value := build()
	(*made)[key] = value
	return value
}
