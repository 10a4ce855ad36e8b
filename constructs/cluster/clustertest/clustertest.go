// Package clustertest makes a cluster for the tests of what stands in one.
package clustertest

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/fintrack/platform/constructs/cluster"
)

// New makes the cluster "shop" with the least that a cluster needs.
func New(scope constructs.Construct) *cluster.Cluster {
	return cluster.New(scope, "Cluster", cluster.Props{
		Name:             "shop",
		Version:          "1.35",
		SubnetIDs:        []*string{jsii.String("subnet-x"), jsii.String("subnet-y")},
		ServiceCIDR:      "172.20.0.0/16",
		LogGroup:         "/aws/eks/shop/cluster",
		LogRetentionDays: 7,
		Role:             "shop-cluster",
		AdminRole:        "shop-cluster-admin",
		AdminPrincipals:  []string{"role/ops/*"},
	})
}
