package hydrator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// metadataFile stands at the root of the branch.
const metadataFile = "hydrator.metadata"

// commit is a commit of the source.
type commit struct {
	sha, author, email, date, subject, body string
}

// Metadata is the content of hydrator.metadata. DrySHA is what promotion tools
// must have; the rest is for people.
type Metadata struct {
	RepoURL string `json:"repoURL,omitempty"`
	DrySHA  string `json:"drySha"`
	Author  string `json:"author,omitempty"`
	Date    string `json:"date,omitempty"`
	Subject string `json:"subject,omitempty"`
	Body    string `json:"body,omitempty"`
}

func (c commit) metadata(url string) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(Metadata{
		RepoURL: url, DrySHA: c.sha, Author: c.author + " <" + c.email + ">", Date: c.date, Subject: c.subject, Body: c.body,
	})
	return b.String(), err
}

// parseMetadata reads hydrator.metadata.
func parseMetadata(text string) (Metadata, error) {
	var m Metadata
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, fmt.Errorf("%s is not JSON: %w", metadataFile, err)
	}
	if m.DrySHA == "" {
		return m, errors.New(metadataFile + ` has no "drySha"`)
	}
	return m, nil
}

// message is that of the rendered commit: the source's subject, and trailers by
// which tools find the source.
func (c commit) message(branch, url string) string {
	environment := branch[strings.LastIndex(branch, "/")+1:]
	lines := []string{
		environment + ": " + c.subject, "",
		"Rendered from " + c.sha + ".", "",
	}
	if url != "" {
		lines = append(lines, "Argocd-reference-commit-repourl: "+url)
	}
	lines = append(lines,
		"Argocd-reference-commit-sha: "+c.sha,
		"Argocd-reference-commit-author: "+c.author+" <"+c.email+">",
		"Argocd-reference-commit-date: "+c.date,
		"Argocd-reference-commit-subject: "+c.subject,
	)
	if c.body != "" {
		body, err := json.Marshal(c.body)
		if err == nil { // text is always JSON
			lines = append(lines, "Argocd-reference-commit-body: "+string(body))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// identity is who commits, and when: the source's author at the source's date, so
// that a commit depends on nothing but what it was made from. The committer is
// whom git is configured for.
func (c commit) identity(g git) []string {
	env := []string{
		"GIT_AUTHOR_NAME=" + c.author, "GIT_AUTHOR_EMAIL=" + c.email,
		"GIT_AUTHOR_DATE=" + c.date, "GIT_COMMITTER_DATE=" + c.date,
	}
	if _, err := g.line("var", "GIT_COMMITTER_IDENT"); err != nil {
		env = append(env, "GIT_COMMITTER_NAME="+c.author, "GIT_COMMITTER_EMAIL="+c.email)
	}
	return env
}
