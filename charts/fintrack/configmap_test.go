package fintrack_test

import (
	"testing"

	"github.com/fintrack/platform/charts/internal/charttest"
	"github.com/fintrack/platform/config"
)

func settings(values map[string]string) func(*config.Environment) {
	return workload(func(w *config.Workload) { w.Settings = values })
}

func TestSettingsAreAnImmutableConfigMapThatThePodsRead(t *testing.T) {
	objects := synth(t)
	settings := objects.One(t, "ConfigMap", "web-d25c8d1c52")
	settings.Want("data", `{"LOG_LEVEL": "info", "NODE_ENV": "production"}`)
	settings.Want("immutable", `true`)
	objects.One(t, "Deployment", "web").Want("spec template spec containers 0 envFrom 0", `{"configMapRef": {"name": "web-d25c8d1c52"}}`)
}

// The name must change with the content or pods keep the old settings, and with
// nothing else or pods roll for no reason.
func TestTheConfigMapsNameChangesWithItsContentOnly(t *testing.T) {
	reference := func(o charttest.Objects) any {
		return o.One(t, "Deployment", "web").At("spec template spec containers 0 envFrom 0 configMapRef name")
	}
	base := reference(synth(t))
	for name, changed := range map[string]map[string]string{
		"value": {"LOG_LEVEL": "debug", "NODE_ENV": "production"},
		"key":   {"LOG_LEVELS": "info", "NODE_ENV": "production"},
		"less":  {"LOG_LEVEL": "info"},
		// The same characters, cut at another place.
		"border": {"LOG_LEVEL": "infoNODE_ENV", "P": "roduction"},
	} {
		objects := synth(t, settings(changed))
		got, _ := reference(objects).(string)
		if got == base || got == "" {
			t.Errorf("%s: the Deployment refers to %q, before the change to %q", name, got, base)
		}
		objects.One(t, "ConfigMap", got)
	}
	same := synth(t, workload(func(w *config.Workload) { w.Port = 4000 }))
	if got := reference(same); got != base {
		t.Errorf("another port changed the ConfigMap's name from %v to %v", base, got)
	}
}

func TestWithoutSettingsThereIsNoConfigMap(t *testing.T) {
	objects := synth(t, settings(nil))
	objects.None(t, "ConfigMap")
	objects.One(t, "Deployment", "web").Want("spec template spec containers 0 envFrom", `[{"secretRef": {"name": "web"}}]`)
}
