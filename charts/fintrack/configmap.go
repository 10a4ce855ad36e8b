package fintrack

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus30/v2/k8s"

	"github.com/fintrack/platform/internal/ptr"
)

// configMap holds the plain settings and returns its name, or "" when there
// are none.
//
// A running pod never sees a changed ConfigMap in its environment. So the name
// carries a hash of the content: a change makes a new object, the Deployment
// refers to it by the new name, and that rolls the pods. Nobody may change the
// content under a name, hence immutable.
func (w workload) configMap() string {
	if len(w.Settings) == 0 {
		return ""
	}
	name := w.Name + "-" + contentHash(w.Settings)
	k8s.NewKubeConfigMap(w.chart.Scope, w.chart.ID("ConfigMap", name), &k8s.KubeConfigMapProps{
		Metadata:  w.meta(name).Object(),
		Immutable: new(true),
		Data:      ptr.Map(w.Settings),
	})
	return name
}

// contentHash is ten hexadecimal digits: two versions of one workload's
// settings collide once in 2^40.
func contentHash(settings map[string]string) string {
	canonical, err := json.Marshal(settings) // sorts the keys
	if err != nil {
		panic(err) // a map of strings always has a JSON form
	}
	return fmt.Sprintf("%x", sha256.Sum256(canonical))[:10]
}
