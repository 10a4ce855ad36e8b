package hydrator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fintrack/platform/internal/hydrator"
)

const branch = "environment/staging"

// repository is a source with a bare remote.
type repository struct {
	t      *testing.T
	source string
	remote string
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	// Nothing of this machine's own settings.
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
		"GIT_COMMITTER_NAME": "Robot", "GIT_COMMITTER_EMAIL": "robot@example.com",
	} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	r := &repository{t: t, source: filepath.Join(dir, "source"), remote: filepath.Join(dir, "remote.git")}
	r.git(dir, "init", "--quiet", "--bare", "--initial-branch=main", r.remote)
	r.git(dir, "clone", "--quiet", r.remote, r.source)
	r.git(r.source, "switch", "--quiet", "--create", "main")
	r.write("config", "zero")
	r.commit("The first one")
	return r
}

func (r *repository) git(dir string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repository) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.source, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// commit commits the source and pushes it.
func (r *repository) commit(message string) string {
	r.t.Helper()
	r.git(r.source, "add", "--all")
	r.git(r.source, "commit", "--quiet", "--message", message)
	r.git(r.source, "push", "--quiet", "origin", "main")
	return r.git(r.source, "rev-parse", "HEAD")
}

// render writes files, given as path and text.
func render(files map[string]string) func(string) error {
	return func(dir string) error {
		for path, text := range files {
			file := filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				return err
			}
		}
		return nil
	}
}

var manifests = map[string]string{"app/Service.web.yaml": "kind: Service\r\n", "app/Secret.web.yaml": "kind: ExternalSecret\n"}

func (r *repository) options(files map[string]string) hydrator.Options {
	return hydrator.Options{Dir: r.source, Branch: branch, Render: render(files)}
}

func (r *repository) publish(o hydrator.Options) hydrator.Result {
	r.t.Helper()
	result, err := hydrator.Publish(r.t.Context(), o)
	if err != nil {
		r.t.Fatal(err)
	}
	return result
}

// refused publishes what must not be published, and finds the branches as they
// were.
func (r *repository) refused(o hydrator.Options, want ...string) {
	r.t.Helper()
	before := r.git(r.remote, "for-each-ref")
	_, err := hydrator.Publish(r.t.Context(), o)
	if err == nil {
		r.t.Errorf("it is published, want an error with %q", want)
		return
	}
	for _, text := range want {
		if !strings.Contains(err.Error(), text) {
			r.t.Errorf("the error lacks %q: %v", text, err)
		}
	}
	if after := r.git(r.remote, "for-each-ref"); after != before {
		r.t.Errorf("the remote was\n%s\nand is\n%s", before, after)
	}
}

// files are those of a branch on the remote.
func (r *repository) files(branch string) map[string]string {
	r.t.Helper()
	files := map[string]string{}
	for path := range strings.FieldsSeq(r.git(r.remote, "ls-tree", "-r", "--name-only", branch)) {
		cmd := exec.Command("git", "show", branch+":"+path)
		cmd.Dir = r.remote
		out, err := cmd.Output()
		if err != nil {
			r.t.Fatal(err)
		}
		files[path] = string(out)
	}
	return files
}

func (r *repository) count(branch string) int {
	r.t.Helper()
	return len(strings.Fields(r.git(r.remote, "rev-list", branch)))
}

func TestFirstPublishMakesTheBranchWithItsMetadata(t *testing.T) {
	r := newRepository(t)
	r.write("config", "two")
	source := r.commit("Two \"pods\" <more>\n\nBecause of\nFridays.")
	result := r.publish(r.options(manifests))
	if !result.Changed || result.Files != 2 || result.Source != source || result.Branch != branch {
		t.Errorf("the result is %+v", result)
	}
	if got := r.git(r.remote, "rev-parse", branch); got != result.Commit {
		t.Errorf("the branch is at %s, want %s", got, result.Commit)
	}
	files := r.files(branch)
	var metadata hydrator.Metadata
	if err := json.Unmarshal([]byte(files["hydrator.metadata"]), &metadata); err != nil {
		t.Fatal(err)
	}
	want := hydrator.Metadata{
		RepoURL: r.remote, DrySHA: source, Author: "Ada <ada@example.com>",
		Date: r.git(r.source, "log", "-1", "--format=%cI"), Subject: `Two "pods" <more>`, Body: "Because of\nFridays.",
	}
	if metadata != want {
		t.Errorf("the metadata are %+v, want %+v", metadata, want)
	}
	if !strings.Contains(files["hydrator.metadata"], "<more>") {
		t.Errorf("people cannot read the metadata: %s", files["hydrator.metadata"])
	}
	delete(files, "hydrator.metadata")
	if !equal(files, manifests) {
		t.Errorf("the branch holds %q, want %q byte for byte", files, manifests)
	}
	message := r.git(r.remote, "log", "-1", "--format=%B", branch)
	if !strings.HasPrefix(message, "staging: Two \"pods\" <more>\n") {
		t.Errorf("the message is %q", message)
	}
	trailers := r.git(r.remote, "log", "-1", "--format=%(trailers:unfold)", branch)
	for _, want := range []string{
		"Argocd-reference-commit-repourl: " + r.remote, "Argocd-reference-commit-sha: " + source,
		"Argocd-reference-commit-author: Ada <ada@example.com>", `Argocd-reference-commit-subject: Two "pods" <more>`,
		"Argocd-reference-commit-date: " + want.Date, `Argocd-reference-commit-body: "Because of\nFridays."`,
	} {
		if !slices.Contains(strings.Split(trailers, "\n"), want) {
			t.Errorf("git finds no trailer %q among\n%s", want, trailers)
		}
	}
	if got := r.git(r.source, "status", "--porcelain"); got != "" {
		t.Errorf("the source has changed: %s", got)
	}
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for key, value := range a {
		if b[key] != value {
			return false
		}
	}
	return true
}

func TestUnchangedManifestsMakeNoCommitButANote(t *testing.T) {
	r := newRepository(t)
	first := r.publish(r.options(manifests))
	again := r.publish(r.options(manifests))
	if again.Changed || again.Commit != first.Commit {
		t.Errorf("the second time: %+v", again)
	}
	if notes := r.git(r.remote, "for-each-ref", "refs/notes"); notes != "" {
		t.Errorf("the same source needs no note: %s", notes)
	}
	r.write("README", "nothing that is rendered")
	source := r.commit("A paper")
	again = r.publish(r.options(manifests))
	if again.Changed || again.Commit != first.Commit || r.count(branch) != 1 {
		t.Errorf("after a change of papers: %+v", again)
	}
	if note := r.git(r.remote, "notes", "--ref=hydrator.metadata", "show", first.Commit); note != `{"drySha":"`+source+`"}` {
		t.Errorf("the note is %s", note)
	}
}

func TestChangeReplacesTheWholeDirectory(t *testing.T) {
	r := newRepository(t)
	first := r.publish(r.options(manifests))
	r.write("config", "two")
	r.commit("Another")
	second := r.publish(r.options(map[string]string{"app/Service.web.yaml": "kind: Service\n# changed\n"}))
	if files := r.files(branch); len(files) != 2 || files["app/Service.web.yaml"] != "kind: Service\n# changed\n" {
		t.Errorf("the branch holds %q", files)
	}
	if parent := r.git(r.remote, "rev-parse", second.Commit+"^"); parent != first.Commit {
		t.Errorf("the parent is %s, want %s", parent, first.Commit)
	}
}

func TestSameSourceGivesTheSameCommit(t *testing.T) {
	r := newRepository(t)
	first := r.publish(r.options(manifests))
	r.git(r.remote, "update-ref", "-d", "refs/heads/"+branch)
	t.Setenv("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z")
	if again := r.publish(r.options(manifests)); again.Commit != first.Commit {
		t.Errorf("the commit is %s and then %s", first.Commit, again.Commit)
	}
}

func TestSettingsOfGitChangeNoByte(t *testing.T) {
	r := newRepository(t)
	r.git(r.source, "config", "core.autocrlf", "true")
	r.publish(r.options(manifests))
	if got := r.files(branch)["app/Service.web.yaml"]; got != manifests["app/Service.web.yaml"] {
		t.Errorf("published is %q, want %q", got, manifests["app/Service.web.yaml"])
	}
}

func TestPasswordInTheURLIsNotPublished(t *testing.T) {
	r := newRepository(t)
	const secret = "https://user:password@example.com/fintrack/platform.git"
	r.git(r.source, "config", "url."+r.remote+".insteadOf", secret)
	r.git(r.source, "remote", "set-url", "origin", secret)
	r.publish(r.options(manifests))
	text := r.files(branch)["hydrator.metadata"] + r.git(r.remote, "log", "--format=%B", branch)
	if n := strings.Count(text, "https://example.com/fintrack/platform.git"); n != 2 || strings.Contains(text, "password") {
		t.Errorf("published is %s", text)
	}
}

func TestSourceThatOthersCannotFindIsRefused(t *testing.T) {
	r := newRepository(t)
	r.write("config", "two")
	r.git(r.source, "commit", "--quiet", "--all", "--message", "Not pushed")
	r.write("new", "not committed")
	// Both at once.
	r.refused(r.options(manifests), `not committed (1, the first is "?? new")`, "is on no branch of origin; push it first")
}

func TestImpossibleOptionsAreRefused(t *testing.T) {
	r := newRepository(t)
	for want, change := range map[string]func(*hydrator.Options){
		`there is no remote "upstream", choose one of ["origin" "."]`: func(o *hydrator.Options) { o.Remote = "upstream" },
		`the branch "environment/staging-next" must be one that Argo`: func(o *hydrator.Options) { o.Branch = branch + "-next" },
		`the branch "" must be one that Argo CD reads`:                func(o *hydrator.Options) { o.Branch = "" },
		"is no Git working tree with a commit":                        func(o *hydrator.Options) { o.Dir = t.TempDir() },
		"nothing was rendered":                                        func(o *hydrator.Options) { o.Render = func(dir string) error { return os.Mkdir(dir, 0o755) } },
		"no chart":                                                    func(o *hydrator.Options) { o.Render = func(string) error { return errors.New("no chart") } },
	} {
		o := r.options(manifests)
		change(&o)
		r.refused(o, want)
	}
}

func TestBranchThatWasNotRenderedIsLeftAlone(t *testing.T) {
	r := newRepository(t)
	r.git(r.source, "push", "--quiet", "origin", "main:"+branch)
	r.refused(r.options(manifests), "has no hydrator.metadata: it was not rendered, and publishing would delete what is on it")
}

func TestCorruptMetadataIsToldAndMended(t *testing.T) {
	r := newRepository(t)
	r.publish(r.options(manifests))
	for _, corrupt := range []string{"not JSON", `{"drySha":""}`} {
		r.git(r.source, "fetch", "--quiet", "origin", branch)
		r.git(r.source, "switch", "--quiet", "--detach", "FETCH_HEAD")
		r.write("hydrator.metadata", corrupt)
		r.write("stray", "by hand")
		r.git(r.source, "add", "--all")
		r.git(r.source, "commit", "--quiet", "--message", "By hand")
		r.git(r.source, "push", "--quiet", "origin", "HEAD:"+branch)
		r.git(r.source, "switch", "--quiet", "main")
		before := r.count(branch)

		var log bytes.Buffer
		o := r.options(manifests)
		o.Log = &log
		result := r.publish(o)
		if files := r.files(branch); !result.Changed || files["stray"] != "" || !strings.Contains(files["hydrator.metadata"], result.Source) {
			t.Errorf("%s: the branch holds %q", corrupt, files)
		}
		if r.count(branch) != before+1 {
			t.Errorf("%s: history was lost", corrupt)
		}
		if !strings.Contains(log.String(), "hydrator.metadata") {
			t.Errorf("%s: nobody is told: %q", corrupt, log.String())
		}
	}
}

func TestOlderSourceDoesNotUndoANewerOne(t *testing.T) {
	r := newRepository(t)
	old := r.git(r.source, "rev-parse", "HEAD")
	r.write("config", "two")
	r.commit("Newer")
	newer := r.publish(r.options(manifests))
	r.git(r.source, "switch", "--quiet", "--detach", old)
	result := r.publish(r.options(map[string]string{"app/Service.web.yaml": "old"}))
	if !result.Superseded || result.Changed || result.Commit != newer.Commit || r.count(branch) != 1 {
		t.Errorf("the late publisher: %+v", result)
	}
}

// second is another publisher's clone, with a commit of its own.
func (r *repository) second(text string) *repository {
	r.t.Helper()
	other := &repository{t: r.t, source: filepath.Join(r.t.TempDir(), "other"), remote: r.remote}
	r.git(r.remote, "clone", "--quiet", r.remote, other.source)
	r.git(other.source, "switch", "--quiet", "--create", text)
	other.write(text, text)
	r.git(other.source, "add", "--all")
	r.git(other.source, "commit", "--quiet", "--message", text)
	r.git(other.source, "push", "--quiet", "origin", text)
	return other
}

// beforePush runs a script in the remote whenever the source is about to push.
func (r *repository) beforePush(script string) {
	r.t.Helper()
	text := "#!/bin/sh\nunset GIT_DIR\ncd '" + r.remote + "' || exit 1\n" + script + "\n"
	if err := os.WriteFile(filepath.Join(r.source, ".git", "hooks", "pre-push"), []byte(text), 0o700); err != nil {
		r.t.Fatal(err)
	}
}

func TestLostRaceIsPublishedOnTop(t *testing.T) {
	for name, exists := range map[string]bool{"the branch is new": false, "the branch exists": true} {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t)
			if exists {
				r.publish(r.options(map[string]string{"app/Service.web.yaml": "first"}))
			}
			other := r.second("other")
			r.write("config", "beside it")
			r.commit("Neither source contains the other")
			faster := r.publish(other.options(map[string]string{"app/Service.api.yaml": "api"}))
			r.git(r.remote, "branch", "--force", "keep", faster.Commit)
			if exists {
				r.git(r.remote, "update-ref", "refs/heads/"+branch, faster.Commit+"^")
			} else {
				r.git(r.remote, "update-ref", "-d", "refs/heads/"+branch)
			}
			// The other publisher comes through at the last moment, once: after ours
			// has looked at the remote, before it sends.
			r.beforePush(fmt.Sprintf("[ -e raced ] || { touch raced; git update-ref refs/heads/%s %s; }", branch, faster.Commit))
			var log bytes.Buffer
			o := r.options(manifests)
			o.Log = &log
			result := r.publish(o)
			if !strings.Contains(log.String(), "has moved meanwhile, publishing on top of it") {
				t.Errorf("no race was lost: %q", log.String())
			}
			if parent := r.git(r.remote, "rev-parse", result.Commit+"^"); !result.Changed || parent != faster.Commit {
				t.Errorf("the commit is on top of %s, want the winner's %s", parent, faster.Commit)
			}
			if got := r.git(r.remote, "rev-parse", branch); got != result.Commit {
				t.Errorf("the branch is at %s, want %s", got, result.Commit)
			}
		})
	}
}

func TestPublishersSideBySideLoseNothing(t *testing.T) {
	r := newRepository(t)
	var options []hydrator.Options
	for i := range 4 {
		name := fmt.Sprint("publisher", i)
		options = append(options, r.second(name).options(map[string]string{"app/Service." + name + ".yaml": name}))
	}
	results, errs := make([]hydrator.Result, len(options)), make([]error, len(options))
	var group sync.WaitGroup
	for i, o := range options {
		group.Go(func() { results[i], errs[i] = hydrator.Publish(t.Context(), o) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	history := strings.Fields(r.git(r.remote, "rev-list", "--first-parent", branch))
	for _, result := range results {
		if !result.Changed || !slices.Contains(history, result.Commit) {
			t.Errorf("%s is not in the history %v", result.Commit, history)
		}
	}
	if merges := r.git(r.remote, "rev-list", "--merges", branch); len(history) != len(options) || merges != "" {
		t.Errorf("the history is not one line of %d: %v, merges %s", len(options), history, merges)
	}
}

func TestRaceThatIsLostForEverEnds(t *testing.T) {
	r := newRepository(t)
	r.publish(r.options(map[string]string{"app/Service.web.yaml": "first"}))
	r.beforePush("tip=$(git rev-parse refs/heads/" + branch + ")\ngit update-ref refs/heads/" + branch + " $(echo again | git commit-tree $tip^{tree} -p $tip)")
	_, err := hydrator.Publish(t.Context(), r.options(manifests))
	if err == nil || !strings.Contains(err.Error(), "moved 5 times while this was published") {
		t.Errorf("the error is %v", err)
	}
	if n := r.count(branch); n != 1+5 {
		t.Errorf("it was tried %d times, want 5", n-1)
	}
}

func TestPushThatIsRefusedIsAnError(t *testing.T) {
	r := newRepository(t)
	if err := os.WriteFile(filepath.Join(r.remote, "hooks", "pre-receive"), []byte("#!/bin/sh\necho protected >&2; exit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	r.refused(r.options(manifests), "git push", "protected")
}

func TestInterruptedPublishLeavesTheBranch(t *testing.T) {
	r := newRepository(t)
	r.publish(r.options(map[string]string{"app/Service.web.yaml": "first"}))
	before := r.git(r.remote, "for-each-ref")
	ctx, cancel := context.WithCancel(t.Context())
	o := r.options(manifests)
	o.Render = func(dir string) error {
		cancel()
		return render(manifests)(dir)
	}
	if _, err := hydrator.Publish(ctx, o); err == nil {
		t.Error("it is published")
	}
	if after := r.git(r.remote, "for-each-ref"); after != before {
		t.Errorf("the remote was %s and is %s", before, after)
	}
}

func TestRepositoryWithoutARemoteIsItsOwn(t *testing.T) {
	r := newRepository(t)
	r.git(r.source, "remote", "remove", "origin")
	result := r.publish(r.options(manifests))
	if got := r.git(r.source, "rev-parse", branch); !result.Changed || got != result.Commit {
		t.Errorf("the branch is at %s: %+v", got, result)
	}
	r.write("config", "two")
	r.git(r.source, "commit", "--quiet", "--all", "--message", "More")
	if again := r.publish(r.options(manifests)); again.Changed {
		t.Errorf("the second time: %+v", again)
	}
}

func TestProposalsCanBeMergedAndPushedWithoutForce(t *testing.T) {
	r := newRepository(t)
	propose := func(text string) hydrator.Result {
		r.write("config", text)
		r.commit(text)
		o := r.options(map[string]string{"app/Service.web.yaml": text})
		o.Proposal = true
		return r.publish(o)
	}
	parents := func(commit string) []string {
		return strings.Fields(r.git(r.remote, "log", "-1", "--format=%P", commit))
	}
	first := r.publish(r.options(map[string]string{"app/Service.web.yaml": "live"}))
	same := r.options(map[string]string{"app/Service.web.yaml": "live"})
	same.Proposal = true
	if result := r.publish(same); result.Changed || result.Branch != branch+"-next" {
		t.Errorf("a proposal of what is live: %+v", result)
	}
	// One proposal after the other; then one is merged; then somebody commits to
	// the branch beside them.
	one := propose("one")
	if got := parents(one.Commit); !one.Changed || !slices.Equal(got, []string{first.Commit}) {
		t.Errorf("the first proposal stands on %v: %+v", got, one)
	}
	two := propose("two")
	if got := parents(two.Commit); !slices.Equal(got, []string{one.Commit}) {
		t.Errorf("the second proposal stands on %v", got)
	}
	if live := r.git(r.remote, "rev-parse", branch); live != first.Commit {
		t.Error("a proposal has changed what is live")
	}
	merge := r.git(r.remote, "commit-tree", two.Commit+"^{tree}", "-p", first.Commit, "-p", two.Commit, "-m", "Merge")
	r.git(r.remote, "update-ref", "refs/heads/"+branch, merge)
	three := propose("three")
	if got := parents(three.Commit); !slices.Equal(got, []string{merge}) {
		t.Errorf("the proposal after a merge stands on %v, want the merge", got)
	}
	hand := r.git(r.remote, "commit-tree", merge+"^{tree}", "-p", merge, "-m", "By hand")
	r.git(r.remote, "update-ref", "refs/heads/"+branch, hand)
	four := propose("four")
	if got := parents(four.Commit); !slices.Equal(got, []string{three.Commit, hand}) {
		t.Errorf("the proposal beside a commit by hand stands on %v, want both", got)
	}
	if r.files(branch + "-next")["app/Service.web.yaml"] != "four" {
		t.Error("the proposal is not what was rendered")
	}
}

func TestCommitsAreSignedWhenThereIsAKey(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not installed")
	}
	r := newRepository(t)
	key := filepath.Join(t.TempDir(), "key")
	if out, err := exec.Command(keygen, "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	r.git(r.source, "config", "gpg.format", "ssh")
	r.git(r.source, "config", "user.signingKey", key+".pub")
	signed := r.publish(r.options(manifests))
	public, err := os.ReadFile(key + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	signers := filepath.Join(t.TempDir(), "signers")
	if err := os.WriteFile(signers, []byte("robot@example.com "+string(public)), 0o600); err != nil {
		t.Fatal(err)
	}
	r.git(r.remote, "-c", "gpg.ssh.allowedSignersFile="+signers, "verify-commit", signed.Commit)
}

func TestTokenIsNeitherPrintedNorAnArgument(t *testing.T) {
	r := newRepository(t)
	r.git(r.source, "remote", "set-url", "origin", "https://user:password@127.0.0.1:1/fintrack/platform.git")
	o := r.options(manifests)
	o.Token = "ghs_0123456789"
	// A git that shows how it was called.
	bin := t.TempDir()
	script := "#!/bin/sh\ncase \"$1\" in fetch) echo \"called: $* with $GIT_CONFIG_VALUE_0\" >&2; exit 1;; esac\nexec " + look(t) + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	_, err := hydrator.Publish(t.Context(), o)
	if err == nil {
		t.Fatal("nothing listens there")
	}
	if text := err.Error(); !strings.Contains(text, "with Authorization: Basic ***") || strings.Contains(text, "ghs_") {
		t.Errorf("the error is %s", text)
	}
}

func look(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	return path
}
