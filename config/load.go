package config

import (
	"errors"
	"fmt"
	"strings"
)

// Load returns every environment, all of them valid, or the problems of all.
func Load() ([]Environment, error) {
	envs := All()
	if err := validateAll(envs); err != nil {
		return nil, err
	}
	return envs, nil
}

// Find is the environment of that name.
func Find(envs []Environment, name string) (Environment, error) {
	var names []string
	for _, env := range envs {
		if env.Name == name {
			return env, nil
		}
		names = append(names, env.Name)
	}
	return Environment{}, fmt.Errorf("there is no environment %q, choose one of %s", name, strings.Join(names, ", "))
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
