package kube

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// Chart is one folder of manifests on its way. It remembers which files it must
// become, because cdk8s names a file after kind and name and, when two objects
// share both, lets the second overwrite the first without a word.
type Chart struct {
	// Scope is the parent of every object. It is not embedded: jsii would take
	// the embedding struct for another object.
	Scope constructs.Construct
	// Name is the folder.
	Name string
	ids  []string
}

// NewChart makes an empty chart.
func NewChart(scope constructs.Construct, name string) *Chart {
	return &Chart{Scope: cdk8s.NewChart(scope, new(name), nil), Name: name}
}

// ID is the id of an object in the chart: "Deployment.web", which is also the
// name of its file. So the tree of constructs, where ids are unique, refuses
// two objects that would share a file.
//
// So all objects are the chart's own children. A scope for each workload would
// also be one call more through jsii, for a path that nobody reads.
func (c *Chart) ID(kind, name string) *string {
	id := kind + "." + name
	c.ids = append(c.ids, id)
	return &id
}

// Check compares the files that were written with the objects that were made.
func (c *Chart) Check(files []string) error {
	unclaimed := map[string]bool{}
	for _, file := range files {
		unclaimed[file] = true
	}
	var errs []error
	for _, id := range c.ids {
		if file := id + ".yaml"; !unclaimed[file] {
			errs = append(errs, fmt.Errorf("%s: no file %s was written for the object", c.Name, file))
		}
		delete(unclaimed, id+".yaml")
	}
	for _, file := range slices.Sorted(maps.Keys(unclaimed)) {
		errs = append(errs, fmt.Errorf("%s: the file %s belongs to no object that has its id from Chart.ID", c.Name, file))
	}
	return errors.Join(errs...)
}
