package stacks

import (
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/constructs/database"
)

type databaseStack struct {
	database *database.Database
}

func (e environment) database(name string, network networkStack, cluster clusterStack) *databaseStack {
	stack := e.stack(name, "PostgreSQL")
	d := e.env.Database
	return &databaseStack{database: database.New(stack, "Database", database.Props{
		Name:                  e.contract.Resource("postgres"),
		Network:               network.network,
		ClientSecurityGroupID: cluster.cluster.SecurityGroupID(),
		Secret:                e.contract.SecretPath(config.DatabaseSecret),
		Database:              d.Name,
		EngineVersion:         d.EngineVersion,
		InstanceClass:         d.InstanceClass,
		StorageGiB:            d.StorageGiB,
		MaxStorageGiB:         d.MaxStorageGiB,
		BackupDays:            d.BackupDays,
		MultiAZ:               d.MultiAZ,
	})}
}
