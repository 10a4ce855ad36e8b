// Package hydrator commits rendered manifests to a branch, by the contract that
// Argo CD's source hydrator writes and GitOps Promoter reads
// (docs/decisions/0010).
//
//   - hydrator.go: Publish, from a clean source to a pushed commit
//   - metadata.go: hydrator.metadata, message and trailers of a commit
//   - git.go: the git program; tokens stay out of arguments and errors
//
// Nothing is checked out: the commit is built in the object store and becomes
// part of the branch by one push that is never forced. Whoever is interrupted
// before that has changed nothing.
package hydrator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// attempts is how often a publisher tries that loses the race to others.
const attempts = 5

// next ends the name of the branch that a proposal is made on; GitOps Promoter
// knows no other.
const next = "-next"

// Options of Publish.
type Options struct {
	// Dir is a directory of the source's working tree.
	Dir string
	// Remote is the name of a remote, or "." for the repository itself. Empty
	// takes origin, and the repository itself where there is none.
	Remote string
	// Branch is what Argo CD reads, "environment/staging".
	Branch string
	// Proposal commits to Branch-next instead, for a pull request.
	Proposal bool
	// Render writes the manifests to a directory that does not exist yet.
	Render func(dir string) error
	// Token is for remotes that are reached by HTTPS; empty uses what git finds by
	// itself.
	Token string
	// Log hears of races and of what is repaired; nil is nobody.
	Log io.Writer
}

// Result is what a Publish has done.
type Result struct {
	// Commit is the tip of the branch, Source the commit that it was rendered
	// from.
	Commit, Source string
	// Branch is the branch that was looked at.
	Branch string
	// Changed tells whether Commit is new. Otherwise the branch held the same
	// manifests already, or newer ones (Superseded).
	Changed, Superseded bool
	// Files is the number of manifests.
	Files int
}

// publisher is one Publish.
type publisher struct {
	Options
	git    git
	source commit
}

// Publish renders the source and puts the result on the branch, the whole
// directory at a time. It refuses a source that others could not find again:
// changes that are not committed, a commit that the remote does not have.
func Publish(ctx context.Context, o Options) (Result, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	p := &publisher{Options: o, git: git{ctx: ctx, dir: o.Dir, token: o.Token}}
	if err := p.checkSource(); err != nil {
		return Result{}, err
	}
	work, err := os.MkdirTemp("", "publish")
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = os.RemoveAll(work) }()
	rendered := filepath.Join(work, "rendered")
	if err := p.Render(rendered); err != nil {
		return Result{}, err
	}
	tree, files, err := p.store(rendered, filepath.Join(work, "index"))
	if err != nil {
		return Result{}, err
	}
	result := Result{Source: p.source.sha, Branch: p.Branch, Files: files}
	if p.Proposal {
		result.Branch += next
	}
	for attempt := 1; ; attempt++ {
		done, err := p.attempt(&result, tree)
		if done || err != nil {
			return result, err
		}
		if attempt == attempts {
			return result, fmt.Errorf("%s moved %d times while this was published; try again", result.Branch, attempts)
		}
		fmt.Fprintf(p.Log, "%s has moved meanwhile, publishing on top of it\n", result.Branch)
	}
}

// checkSource finds the commit to publish and says all that speaks against it.
func (p *publisher) checkSource() error {
	if p.Branch == "" || strings.HasSuffix(p.Branch, next) {
		return fmt.Errorf("the branch %q must be one that Argo CD reads, without %s", p.Branch, next)
	}
	head, err := p.git.line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		return fmt.Errorf("%s is no Git working tree with a commit", p.Dir)
	}
	if p.source, err = p.git.readCommit(head); err != nil {
		return err
	}
	var problems []error
	status, err := p.git.run("status", "--porcelain")
	if err != nil {
		return err
	}
	if status != "" {
		changes := strings.Split(strings.TrimRight(status, "\n"), "\n")
		problems = append(problems, fmt.Errorf("the source has changes that are not committed (%d, the first is %q); commit or stash them", len(changes), changes[0]))
	}
	if err := p.chooseRemote(); err != nil {
		return errors.Join(append(problems, err)...)
	}
	if p.Remote != "." {
		if _, err := p.git.run("fetch", "--quiet", p.Remote, "+refs/heads/*:refs/remotes/"+p.Remote+"/*"); err != nil {
			return errors.Join(append(problems, err)...)
		}
		holders, err := p.git.run("for-each-ref", "--contains", head, "--format=%(refname)", "refs/remotes/"+p.Remote)
		if err != nil {
			return err
		}
		if holders == "" {
			problems = append(problems, fmt.Errorf("the commit %.12s is on no branch of %s; push it first", head, p.Remote))
		}
	}
	return errors.Join(problems...)
}

func (p *publisher) chooseRemote() error {
	remotes, err := p.git.run("remote")
	if err != nil {
		return err
	}
	names := strings.Fields(remotes)
	switch {
	case p.Remote == "" && slices.Contains(names, "origin"):
		p.Remote = "origin"
	case p.Remote == "":
		p.Remote = "."
	case p.Remote != "." && !slices.Contains(names, p.Remote):
		return fmt.Errorf("there is no remote %q, choose one of %q", p.Remote, append(names, "."))
	}
	return nil
}

// store writes a directory into the object store and returns its tree and the
// number of its files.
func (p *publisher) store(dir, index string) (tree string, files int, err error) {
	g := p.git
	g.env = append(g.env, "GIT_INDEX_FILE="+index)
	// What is rendered is stored byte by byte, whatever this machine's settings.
	if _, err := g.run("-c", "core.autocrlf=false", "-c", "core.fileMode=false", "-c", "core.attributesFile=/dev/null",
		"--work-tree="+dir, "add", "--all", "--force", ":/"); err != nil {
		return "", 0, err
	}
	listed, err := g.run("ls-files", "-z")
	if err != nil {
		return "", 0, err
	}
	if listed == "" {
		return "", 0, errors.New("nothing was rendered: an empty branch would delete everything")
	}
	tree, err = g.line("write-tree")
	return tree, strings.Count(listed, "\x00"), err
}

// attempt publishes on top of what the remote has now. It is not done when
// somebody else was faster.
func (p *publisher) attempt(result *Result, tree string) (done bool, err error) {
	target, err := p.tip(result.Branch)
	if err != nil {
		return false, err
	}
	var parents []string
	if target != "" {
		parents = []string{target}
	}
	if p.Proposal {
		active, err := p.tip(p.Branch)
		if err != nil {
			return false, err
		}
		if parents, err = p.parentsOfProposal(target, active); err != nil {
			return false, err
		}
	}
	if len(parents) > 0 {
		result.Commit = parents[0]
		same, newer, err := p.compare(parents[0], tree)
		if err != nil {
			return false, err
		}
		if newer {
			result.Superseded = true
			return true, nil
		}
		if same {
			return true, p.note(parents[0])
		}
	}
	commit, err := p.commit(tree, parents)
	if err != nil {
		return false, err
	}
	if _, err := p.git.run("push", "--quiet", p.Remote, commit+":refs/heads/"+result.Branch); err != nil {
		// Somebody else's push, or a failure of ours?
		if now, tipErr := p.tip(result.Branch); tipErr != nil || now == target {
			return false, errors.Join(err, tipErr)
		}
		return false, nil
	}
	result.Commit, result.Changed = commit, true
	return true, nil
}

// tip fetches a branch and returns its commit; empty when there is none.
func (p *publisher) tip(branch string) (string, error) {
	listed, err := p.git.run("ls-remote", p.Remote, "refs/heads/"+branch)
	if err != nil || listed == "" {
		return "", err
	}
	sha, _, _ := strings.Cut(listed, "\t")
	if _, err := p.git.run("fetch", "--quiet", "--no-write-fetch-head", p.Remote, "refs/heads/"+branch); err != nil {
		return "", err
	}
	return sha, nil
}

// parentsOfProposal makes a proposal that its branch can be moved to without
// force, and that the active branch can be merged with.
func (p *publisher) parentsOfProposal(proposed, active string) ([]string, error) {
	switch {
	case proposed == "" && active == "":
		return nil, nil
	case proposed == "":
		return []string{active}, nil
	case active == "":
		return []string{proposed}, nil
	}
	if inside, err := p.git.isAncestor(active, proposed); err != nil || inside {
		return []string{proposed}, err
	}
	if merged, err := p.git.isAncestor(proposed, active); err != nil || merged {
		return []string{active}, err
	}
	return []string{proposed, active}, nil
}

// compare looks at a tip: whether it holds the same manifests, and whether it
// was rendered from a source that is newer than ours.
func (p *publisher) compare(tip, tree string) (same, newer bool, err error) {
	listed, err := p.git.run("ls-tree", "-z", tip)
	if err != nil {
		return false, false, err
	}
	var rest []string
	described := false
	for entry := range strings.SplitSeq(strings.TrimSuffix(listed, "\x00"), "\x00") {
		if strings.HasSuffix(entry, "\t"+metadataFile) {
			described = true
		} else if entry != "" {
			rest = append(rest, entry)
		}
	}
	if !described && len(rest) > 0 {
		return false, false, fmt.Errorf("the branch at %.12s has no %s: it was not rendered, and publishing would delete what is on it", tip, metadataFile)
	}
	if described {
		from, err := p.git.drySHA(tip)
		if err != nil {
			fmt.Fprintf(p.Log, "%.12s: %v; what it was rendered from is unknown\n", tip, err)
		} else if from != p.source.sha && p.git.has(from) {
			if newer, err = p.git.isAncestor(p.source.sha, from); err != nil || newer {
				return false, newer, err
			}
		}
	}
	ours, err := p.git.run("ls-tree", "-z", tree)
	if err != nil {
		return false, false, err
	}
	return strings.TrimSuffix(ours, "\x00") == strings.Join(rest, "\x00"), false, nil
}

// commit makes the commit with its metadata. The same source on the same parents
// gives the same commit, unless it is signed.
func (p *publisher) commit(tree string, parents []string) (string, error) {
	url := p.git.publicURL(p.Remote)
	metadata, err := p.source.metadata(url)
	if err != nil {
		return "", err
	}
	blob, err := p.git.input(metadata, "hash-object", "-w", "--stdin")
	if err != nil {
		return "", err
	}
	listed, err := p.git.run("ls-tree", "-z", tree)
	if err != nil {
		return "", err
	}
	whole, err := p.git.input(listed+"100644 blob "+blob+"\t"+metadataFile+"\x00", "mktree", "-z")
	if err != nil {
		return "", err
	}
	args := []string{"commit-tree", whole}
	for _, parent := range parents {
		args = append(args, "-p", parent)
	}
	if key, err := p.git.line("config", "--get", "user.signingKey"); err == nil && key != "" {
		args = append(args, "-S")
	}
	g := p.git
	g.env = append(g.env, p.source.identity(g)...)
	return g.input(p.source.message(p.Branch, url), args...)
}

// note records on a commit that a later source renders to the same manifests.
// Notes are a convenience for promotion tools: one that is lost is written by the
// next publisher.
func (p *publisher) note(commit string) error {
	if from, err := p.git.drySHA(commit); err == nil && from == p.source.sha {
		return nil
	}
	const ref = "refs/notes/hydrator.metadata"
	var err error
	for range attempts {
		if p.Remote != "." {
			if _, fetchErr := p.git.run("fetch", "--quiet", "--no-write-fetch-head", p.Remote, "+"+ref+":"+ref); fetchErr != nil {
				fmt.Fprintf(p.Log, "%s has no notes yet\n", p.Remote)
			}
		}
		g := p.git
		g.env = append(g.env, p.source.identity(g)...)
		if _, err := g.run("notes", "--ref="+ref, "add", "--force", "--message", `{"drySha":"`+p.source.sha+`"}`, commit); err != nil {
			return err
		}
		if p.Remote == "." {
			return nil
		}
		if _, err = p.git.run("push", "--quiet", p.Remote, ref+":"+ref); err == nil {
			return nil
		}
	}
	return err
}
