// Package gomod makes the files of one exact Go module version available on
// disk, checked against a pinned checksum.
//
//   - [Fetch] downloads with `go mod download`, so it needs no second download
//     tool, no second cache and no second list of trusted hosts.
//
// The modules fetched here are read as data (an OpenAPI document, CRDs). They
// are not required in any go.mod: k8s.io/kubernetes cannot be required without
// some thirty replace directives, and the others would drag their whole graph
// in for a few YAML files.
package gomod

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Fetch returns the folder that holds module at version, downloading it when
// the module cache does not hold it yet. sum is the expected checksum as go.sum
// writes it ("h1:…"). The folder belongs to the module cache: read only.
//
// It fails when the version cannot be downloaded and when the checksum differs;
// the message then holds both checksums.
func Fetch(ctx context.Context, module, version, sum string) (string, error) {
	// Outside every module, or go would read, and could change, the go.mod and
	// go.sum of whoever calls.
	empty, err := os.MkdirTemp("", "gomod-")
	if err != nil {
		return "", fmt.Errorf("gomod: %w", err)
	}
	defer func() { _ = os.RemoveAll(empty) }() // an empty folder in the temporary directory, nothing depends on it

	query := module + "@" + version
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", query)
	cmd.Dir = empty
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	runErr := cmd.Run()
	if ctx.Err() != nil {
		return "", fmt.Errorf("gomod: %s: %w", query, ctx.Err())
	}

	var answer struct{ Dir, Sum, Error string }
	// A failed download answers in JSON too, with the reason in Error.
	if err := json.Unmarshal(stdout.Bytes(), &answer); err != nil {
		if runErr == nil {
			runErr = err
		}
		return "", fmt.Errorf("gomod: download %s: %w: %s", query, runErr, strings.TrimSpace(stderr.String()))
	}
	if answer.Error != "" {
		return "", fmt.Errorf("gomod: download %s: %s", query, answer.Error)
	}
	if runErr != nil {
		return "", fmt.Errorf("gomod: download %s: %w: %s", query, runErr, strings.TrimSpace(stderr.String()))
	}
	// The go command has already compared its checksum with the public checksum
	// database. The pin protects where that is switched off (GONOSUMDB, GOPRIVATE).
	if answer.Sum != sum {
		return "", fmt.Errorf("gomod: %s: checksum is %s, pinned is %s", query, answer.Sum, sum)
	}
	return answer.Dir, nil
}
