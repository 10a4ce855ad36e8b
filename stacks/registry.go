package stacks

import (
	"github.com/fintrack/platform/constructs/registry"
)

type registryStack struct {
	// repositories by the workload's name.
	repositories map[string]*registry.Registry
}

func (e environment) registry(name string) registryStack {
	stack := e.stack(name, "image repositories")
	repositories := map[string]*registry.Registry{}
	for _, workload := range e.env.Workloads {
		repositories[workload.Name] = registry.New(stack, "Repository-"+workload.Name, registry.Props{
			Name:         e.contract.RepositoryName(workload.Name),
			KeepImages:   e.env.Registry.KeepImages,
			UntaggedDays: e.env.Registry.UntaggedDays,
		})
	}
	return registryStack{repositories: repositories}
}
