package config

import (
	"errors"
	"fmt"
)

// Load returns every environment, all of them valid, or the problems of all.
func Load() ([]Environment, error) {
	envs := All()
	if err := validateAll(envs); err != nil {
		return nil, err
	}
	return envs, nil
}

func validateAll(envs []Environment) error {
	var errs []error
	for _, env := range envs {
		if err := env.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("the environment %q is not valid:\n%w", env.Name, err))
		}
	}
	return errors.Join(errs...)
}
