package hydrator

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
)

// git runs the git program in a directory.
type git struct {
	ctx   context.Context //nolint:containedctx // lives as long as one Publish
	dir   string
	token string
	env   []string
}

// run returns what git prints. Its complaint is the error, without the token.
func (g git) run(args ...string) (string, error) { return g.pipe("", args...) }

// line is run for one line.
func (g git) line(args ...string) (string, error) {
	out, err := g.pipe("", args...)
	return strings.TrimSpace(out), err
}

// input is line with a standard input.
func (g git) input(text string, args ...string) (string, error) {
	out, err := g.pipe(text, args...)
	return strings.TrimSpace(out), err
}

func (g git) pipe(input string, args ...string) (string, error) {
	cmd := exec.CommandContext(g.ctx, "git", args...)
	cmd.Dir = g.dir
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	cmd.Env = append(cmd.Env, g.authorization()...)
	cmd.Env = append(cmd.Env, g.env...)
	cmd.Stdin = strings.NewReader(input)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		if _, ended := errors.AsType[*exec.ExitError](err); !ended {
			return "", err // git itself is missing
		}
		return "", fmt.Errorf("git %s: %s", g.redact(args[0]), g.redact(strings.TrimSpace(complaint.String())))
	}
	return out.String(), nil
}

// basic is the token as HTTP wants it. Hosts of Git take any user name with it.
func (g git) basic() string {
	return base64.StdEncoding.EncodeToString([]byte("x-access-token:" + g.token))
}

// authorization hands the token to git by the environment: other users can read
// the arguments of a process.
func (g git) authorization() []string {
	if g.token == "" {
		return nil
	}
	return []string{"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=http.extraHeader", "GIT_CONFIG_VALUE_0=Authorization: Basic " + g.basic()}
}

// redact takes the token out of a text.
func (g git) redact(text string) string {
	if g.token == "" {
		return text
	}
	return strings.NewReplacer(g.token, "***", g.basic(), "***").Replace(text)
}

// publicURL is a remote's URL without user and password; empty for the
// repository itself.
func (g git) publicURL(remote string) string {
	raw, err := g.line("config", "--get", "remote."+remote+".url")
	if err != nil {
		return ""
	}
	if u, err := url.Parse(raw); err == nil && u.Scheme != "" {
		u.User = nil
		return u.String()
	}
	return raw
}

// readCommit reads a commit of the source.
func (g git) readCommit(sha string) (commit, error) {
	out, err := g.run("show", "--no-patch", "--format=%H%x00%an%x00%ae%x00%cI%x00%s%x00%b", sha)
	if err != nil {
		return commit{}, err
	}
	fields := strings.SplitN(strings.TrimRight(out, "\n"), "\x00", 6)
	if len(fields) != 6 {
		return commit{}, fmt.Errorf("git show %s prints %q", sha, out)
	}
	return commit{sha: fields[0], author: fields[1], email: fields[2], date: fields[3], subject: fields[4], body: strings.TrimSpace(fields[5])}, nil
}

// drySHA is what a rendered commit was rendered from.
func (g git) drySHA(rendered string) (string, error) {
	text, err := g.run("show", rendered+":"+metadataFile)
	if err != nil {
		return "", err
	}
	m, err := parseMetadata(text)
	return m.DrySHA, err
}

// has tells whether a commit is in the repository.
func (g git) has(sha string) bool {
	_, err := g.run("cat-file", "-e", sha+"^{commit}")
	return err == nil
}

// isAncestor tells whether the second commit contains the first.
func (g git) isAncestor(first, second string) (bool, error) {
	base, err := g.line("rev-list", "--max-count=1", first, "--not", second)
	return base == "", err
}
