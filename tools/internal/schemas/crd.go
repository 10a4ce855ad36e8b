package schemas

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// definition is the part of a CustomResourceDefinition that is read here.
type definition struct {
	APIVersion string `yaml:"apiVersion"`
	Spec       struct {
		Group string `yaml:"group"`
		Names struct {
			Kind string `yaml:"kind"`
		} `yaml:"names"`
		Versions []struct {
			Name   string `yaml:"name"`
			Served bool   `yaml:"served"`
			Schema struct {
				OpenAPIV3Schema object `yaml:"openAPIV3Schema"`
			} `yaml:"schema"`
		} `yaml:"versions"`
	} `yaml:"spec"`
}

// readCRDs reads the CustomResourceDefinitions in a file, or in a folder and its
// subfolders, and returns a schema for each version that is served: the API
// server refuses the others. defs are the definitions of [readSwagger], which
// hold the schema of the metadata.
func readCRDs(at string, defs object) ([]kindSchema, error) {
	var kinds []kindSchema
	err := filepath.WalkDir(at, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ext := filepath.Ext(file); entry.IsDir() || ext != ".yaml" && ext != ".yml" {
			return nil
		}
		found, err := readCRDFile(file, defs)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		kinds = append(kinds, found...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(kinds) == 0 {
		return nil, errors.New("no CustomResourceDefinition found")
	}
	return kinds, nil
}

func readCRDFile(file string, defs object) ([]kindSchema, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened for reading, nothing can be lost

	var kinds []kindSchema
	for decoder := yaml.NewDecoder(f); ; {
		var doc yaml.Node
		if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
			return kinds, nil
		} else if err != nil {
			return nil, err
		}
		// Such folders hold other things too, a kustomization for one.
		var head struct {
			Kind string `yaml:"kind"`
		}
		if err := doc.Decode(&head); err != nil {
			return nil, err
		}
		if head.Kind != "CustomResourceDefinition" {
			continue
		}
		var d definition
		if err := doc.Decode(&d); err != nil {
			return nil, err
		}
		found, err := d.kinds(defs)
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, found...)
	}
}

func (d definition) kinds(defs object) ([]kindSchema, error) {
	if d.APIVersion != "apiextensions.k8s.io/v1" {
		return nil, fmt.Errorf("apiVersion: %q must be apiextensions.k8s.io/v1", d.APIVersion)
	}
	if !strings.Contains(d.Spec.Group, ".") || !kindName.MatchString(d.Spec.Names.Kind) {
		return nil, fmt.Errorf("spec.group %q and spec.names.kind %q must name an API group and a kind", d.Spec.Group, d.Spec.Names.Kind)
	}
	var kinds []kindSchema
	for _, v := range d.Spec.Versions {
		if !v.Served {
			continue
		}
		k := Kind{d.Spec.Group, v.Name, d.Spec.Names.Kind}
		root := v.Schema.OpenAPIV3Schema
		if _, ok := root["properties"].(object); !ok {
			return nil, fmt.Errorf("%s: openAPIV3Schema has no properties, so it would accept anything", k)
		}
		schema, err := crd.convert(k.String(), withoutMetadata(root))
		if err != nil {
			return nil, err
		}
		if own := ownMetadata(root); own != nil {
			converted, err := dialect{}.convert(k.String()+"/properties/metadata", own)
			if err != nil {
				return nil, err
			}
			schema["properties"].(object)["metadata"] = converted // convert keeps the map a map
		}
		kinds = append(kinds, kindSchema{k, complete(k, schema, defs)})
	}
	return kinds, nil
}

// withoutMetadata leaves out the metadata, whose fields a CRD may not define:
// complete puts Kubernetes' own schema there.
func withoutMetadata(root object) object {
	properties := maps.Clone(root["properties"].(object)) // checked by the caller
	delete(properties, "metadata")
	out := maps.Clone(root)
	out["properties"] = properties
	return out
}

// ownMetadata is what a CRD says about the metadata beyond "type: object": it
// may restrict the name.
func ownMetadata(root object) object {
	own, _ := root["properties"].(object)["metadata"].(object) // checked by the caller
	if len(own) == 0 || len(own) == 1 && own["type"] != nil {
		return nil
	}
	return own
}
