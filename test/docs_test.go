package test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fintrack/platform/charts"
	"github.com/fintrack/platform/config"
	"github.com/fintrack/platform/internal/cdkapp"
	"github.com/fintrack/platform/internal/cdktest"
)

// The papers make claims: tables of what there is, commands, names, counts.
// Here they are compared with what is synthesized, in both directions where
// that makes sense. A message says what to edit.

const (
	readme       = "README.md"
	architecture = "docs/architecture.md"
	runbooks     = "docs/runbooks"
	decisions    = "docs/decisions"
)

// page is one Markdown file.
type page struct {
	// path is relative to the root, with slashes.
	path string
	// prose are the lines outside of fenced code; a fenced line is empty here,
	// so that indices are line numbers less one.
	prose    []string
	blocks   []block
	headings []heading
}

// block is fenced code.
type block struct {
	language, text string
	line           int
}

type heading struct {
	level  int
	text   string
	line   int
	anchor string
}

var (
	fence       = regexp.MustCompile("^( *)(```+)(.*)$")
	headingLine = regexp.MustCompile(`^(#{1,6}) +(.+?) *$`)
	codeSpan    = regexp.MustCompile("`([^`]+)`")
	link        = regexp.MustCompile(`\[((?:[^\[\]]|\\\])*)\]\(([^()\s]+)\)`)
	notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// parsePage reads Markdown as far as the tests need it.
func parsePage(name, text string) page {
	p := page{path: name}
	var open *block
	var indent, closing string
	anchors := map[string]int{}
	for i, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case open == nil && m != nil:
			indent, closing = m[1], m[2]
			open = &block{language: strings.TrimSpace(m[3]), line: i + 1}
			line = ""
		case open != nil && m != nil && m[2] == closing && strings.TrimSpace(m[3]) == "":
			p.blocks = append(p.blocks, *open)
			open, line = nil, ""
		case open != nil:
			open.text += strings.TrimPrefix(line, indent) + "\n"
			line = ""
		}
		p.prose = append(p.prose, line)
		if h := headingLine.FindStringSubmatch(line); h != nil {
			title := link.ReplaceAllString(h[2], "$1")
			anchor := strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(title), ""), " ", "-")
			if n := anchors[anchor]; n > 0 {
				anchors[anchor]++
				anchor = fmt.Sprintf("%s-%d", anchor, n)
			}
			anchors[anchor]++
			p.headings = append(p.headings, heading{len(h[1]), strings.ReplaceAll(title, "`", ""), i + 1, anchor})
		}
	}
	if open != nil { // the style test names it
		p.blocks = append(p.blocks, block{language: "never closed", line: open.line})
	}
	return p
}

// section is the page below a heading, up to the next one of the same or a
// higher level.
func (p page) section(t testing.TB, title string) page {
	t.Helper()
	for i, h := range p.headings {
		if h.text != title {
			continue
		}
		end := len(p.prose)
		for _, next := range p.headings[i+1:] {
			if next.level <= h.level {
				end = next.line - 1
				break
			}
		}
		s := page{path: p.path + `, "` + title + `"`, prose: p.prose[h.line:end]}
		for _, b := range p.blocks {
			if b.line > h.line && b.line <= end {
				s.blocks = append(s.blocks, b)
			}
		}
		return s
	}
	t.Fatalf("%s has no heading %q: a test reads what stands below it", p.path, title)
	return page{}
}

// block is the only fenced code of a language in a page or section.
func (p page) block(t testing.TB, language string) string {
	t.Helper()
	var found []string
	for _, b := range p.blocks {
		if b.language == language {
			found = append(found, b.text)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s has %d fenced blocks of language %q, the test reads exactly 1", p.path, len(found), language)
	}
	return found[0]
}

// table is a Markdown table: its columns and the cells below, without markup.
type table struct {
	where   string
	columns []string
	rows    [][]string
}

// tables lists the tables of a page or section.
func (p page) tables() []table {
	var found []table
	var now *table
	for _, line := range p.prose {
		if !strings.HasPrefix(strings.TrimSpace(line), "|") {
			now = nil
			continue
		}
		row := cells(line)
		switch {
		case now == nil:
			found = append(found, table{where: p.path, columns: row})
			now = &found[len(found)-1]
		case strings.Trim(strings.Join(row, ""), "-: ") == "":
		default:
			now.rows = append(now.rows, row)
		}
	}
	return found
}

// table is the only table of a section; another number fails the test.
func (p page) table(t testing.TB) table {
	t.Helper()
	found := p.tables()
	if len(found) != 1 {
		t.Fatalf("%s has %d tables, the test reads exactly 1", p.path, len(found))
	}
	return found[0]
}

// cells splits a table's line and takes code and link marks off.
func cells(line string) []string {
	line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|")
	var row []string
	for _, cell := range strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|") {
		cell = link.ReplaceAllString(strings.ReplaceAll(cell, "\x00", "|"), "$1")
		row = append(row, strings.TrimSpace(strings.ReplaceAll(cell, "`", "")))
	}
	return row
}

// rowsOf takes some columns of a table, as one text for each row.
func (tb table) rowsOf(t testing.TB, columns ...string) []string {
	t.Helper()
	var at []int
	for _, column := range columns {
		i := slices.Index(tb.columns, column)
		if i < 0 {
			t.Fatalf("%s: the table has the columns %v, the test reads %q", tb.where, tb.columns, column)
		}
		at = append(at, i)
	}
	var rows []string
	for _, row := range tb.rows {
		var picked []string
		for _, i := range at {
			if i >= len(row) {
				t.Fatalf("%s: the row %v is too short", tb.where, row)
			}
			picked = append(picked, row[i])
		}
		rows = append(rows, strings.Join(picked, " | "))
	}
	return rows
}

// differences says what one has to edit in a paper so that it lists exactly
// what there is. A row that stands twice in one must stand twice in the other.
func differences(where string, documented, actual []string) []string {
	var wrong []string
	if len(actual) == 0 {
		wrong = append(wrong, where+": the test found nothing to compare with")
	}
	count := map[string]int{}
	for _, row := range actual {
		count[row]++
	}
	for _, row := range documented {
		count[row]--
	}
	for _, row := range slices.Sorted(maps.Keys(count)) {
		switch n := count[row]; {
		case n > 0:
			wrong = append(wrong, fmt.Sprintf("%s: add the row | %s |", where, row))
		case n < 0:
			wrong = append(wrong, fmt.Sprintf("%s: remove or correct the row | %s |, there is no such thing", where, row))
		}
	}
	return wrong
}

// report fails the test with each of the texts.
func report(t testing.TB, wrong []string) {
	t.Helper()
	for _, text := range wrong {
		t.Error(text)
	}
}

// ignored are the folders that Git ignores: they are made.
func ignored(t testing.TB) map[string]bool {
	t.Helper()
	folders := map[string]bool{}
	for _, line := range lines(string(readFile(t, root(".gitignore")))) {
		if strings.HasPrefix(line, "/") && strings.HasSuffix(line, "/") {
			folders[strings.Trim(line, "/")] = true
		}
	}
	if !folders["node_modules"] || !folders["dist"] {
		t.Fatalf(".gitignore names the folders %v, node_modules and dist should be among them", folders)
	}
	return folders
}

// readPage reads one page.
func readPage(t testing.TB, name string) page {
	t.Helper()
	return parsePage(name, string(readFile(t, root(filepath.FromSlash(name)))))
}

// pages reads every Markdown file of the repository.
func pages(t testing.TB) []page {
	t.Helper()
	made := ignored(t)
	var all []page
	err := filepath.WalkDir(root(), func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root(), file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() && (made[rel] || rel == ".git" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !entry.IsDir() && strings.HasSuffix(rel, ".md") {
			all = append(all, readPage(t, rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("%d pages were found, that cannot be all", len(all))
	}
	return all
}

// ---------------------------------------------------------------- the judges

// TestDocsParser tests the Markdown reader.
func TestDocsParser(t *testing.T) {
	p := parsePage("x.md", strings.Join([]string{
		"# One `code` & [two](x.md)!", "", "```sh", "# no heading | no table", "make x", "```",
		"## Again", "| a | b |", "| --- | :-: |", "| `1` | [2](y) \\| 3 |", "", "text", "## Again",
		"   ```json", "   {", "     \"a\": 1", "   }", "   ```", "### Below", "| c |", "|---|", "| 4 |", "# End",
	}, "\n"))
	var anchors []string
	for _, h := range p.headings {
		anchors = append(anchors, h.anchor)
	}
	if want := []string{"one-code--two", "again", "again-1", "below", "end"}; !slices.Equal(anchors, want) {
		t.Errorf("anchors %q, want %q", anchors, want)
	}
	if want := []block{{"sh", "# no heading | no table\nmake x\n", 3}, {"json", "{\n  \"a\": 1\n}\n", 14}}; !slices.Equal(p.blocks, want) {
		t.Errorf("blocks %+v, want %+v", p.blocks, want)
	}
	if got := p.section(t, "Again").table(t); !reflect.DeepEqual(got.columns, []string{"a", "b"}) || !reflect.DeepEqual(got.rows, [][]string{{"1", "2 | 3"}}) {
		t.Errorf("table %q", got)
	}
	if got := p.section(t, "Again").table(t).rowsOf(t, "b", "a"); !slices.Equal(got, []string{"2 | 3 | 1"}) {
		t.Errorf("rows %q", got)
	}
	if got := len(p.tables()); got != 2 {
		t.Errorf("%d tables, want 2", got)
	}
	if got := p.section(t, "Below").prose; len(got) != 3 {
		t.Errorf("the section ends after %d lines, want 3", len(got))
	}
}

// TestDocsDifferencesAreSeen tests the comparison with good and bad cases.
func TestDocsDifferencesAreSeen(t *testing.T) {
	for name, c := range map[string]struct {
		documented, actual []string
		want               []string
	}{
		"same, in another order": {[]string{"a", "b"}, []string{"b", "a"}, nil},
		"missing":                {[]string{"a"}, []string{"a", "b"}, []string{"X: add the row | b |"}},
		"gone":                   {[]string{"a", "b"}, []string{"a"}, []string{"X: remove or correct the row | b |, there is no such thing"}},
		"twice in the paper":     {[]string{"a", "a"}, []string{"a"}, []string{"X: remove or correct the row | a |, there is no such thing"}},
		"twice in reality":       {[]string{"a"}, []string{"a", "a"}, []string{"X: add the row | a |"}},
		"nothing at all":         {nil, nil, []string{"X: the test found nothing to compare with"}},
	} {
		if got := differences("X", c.documented, c.actual); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// ---------------------------------------------------------------- every page

// TestDocsAreCleanMarkdown: one title, headings without gaps, code with a
// language, tables without holes.
func TestDocsAreCleanMarkdown(t *testing.T) {
	for _, p := range pages(t) {
		report(t, untidy(p, string(readFile(t, root(filepath.FromSlash(p.path))))))
	}
	for text, want := range map[string]string{
		"# A\n":                              "",
		"# A":                                "must end in one newline",
		"# A\n\n":                            "must end in one newline",
		"text\n":                             "0 headings of the first level",
		"# A\n# B\n":                         "2 headings of the first level",
		"# A\n### B\n":                       "skips a level",
		"# A\n```\nx\n```\n":                 "has no language",
		"# A\n```sh\nx\n":                    "never closed",
		"# A\n| a | b |\n|---|---|\n| 1 |\n": "has 1 cells",
		"# A\n| a | b |\n| 1 | 2 |\n":        "no line of dashes",
		"# A\ntext \n":                       "ends in a blank",
		"# A\n| a | b |\n|---|---|\n| 1 | `x\\|y` |\n": "",
	} {
		got := strings.Join(untidy(parsePage("x.md", text), text), "; ")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func untidy(p page, text string) []string {
	var wrong []string
	say := func(line int, format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("%s:%d: ", p.path, line)+fmt.Sprintf(format, args...))
	}
	if !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
		say(len(p.prose), "the file must end in one newline")
	}
	titles, level := 0, 0
	for _, h := range p.headings {
		if h.level == 1 {
			titles++
		}
		if h.level > level+1 {
			say(h.line, "the heading %q skips a level", h.text)
		}
		level = h.level
	}
	if titles != 1 {
		say(1, "there are %d headings of the first level, want 1", titles)
	}
	for _, b := range p.blocks {
		if b.language == "" || b.language == "never closed" {
			say(b.line, "the fenced code has no language or is never closed")
		}
	}
	columns := 0
	for i, line := range p.prose {
		if strings.TrimRight(line, " \t") != line {
			say(i+1, "the line ends in a blank")
		}
		if !strings.HasPrefix(strings.TrimSpace(line), "|") {
			columns = 0
			continue
		}
		row := cells(line)
		if columns == 0 {
			columns = len(row)
			if i+1 >= len(p.prose) || strings.Trim(p.prose[i+1], "|-: ") != "" || p.prose[i+1] == "" {
				say(i+1, "below the table's head there is no line of dashes")
			}
		}
		if len(row) != columns {
			say(i+1, "the row has %d cells, the head %d", len(row), columns)
		}
	}
	return wrong
}

// TestDocsLinksLeadSomewhere follows every relative link, to the heading.
func TestDocsLinksLeadSomewhere(t *testing.T) {
	seen := 0
	for _, p := range pages(t) {
		wrong, n := deadLinks(p, func(name string) (page, bool) {
			info, err := os.Stat(root(filepath.FromSlash(name)))
			if err != nil {
				return page{}, false
			}
			if info.IsDir() || !strings.HasSuffix(name, ".md") {
				return page{path: name}, true
			}
			return readPage(t, name), true
		})
		report(t, wrong)
		seen += n
	}
	if seen < 50 {
		t.Errorf("%d links were seen, that cannot be all", seen)
	}
	there := map[string]page{"a/y.md": parsePage("a/y.md", "# Y\n## Here it is\n"), "LICENSE": {}}
	for text, bad := range map[string]bool{
		"[x](y.md)": false, "[x](./y.md#here-it-is)": false, "[x](../LICENSE)": false, "[x](#x)": false,
		"[x](z.md)": true, "[x](y.md#there)": true, "[x](#nowhere)": true, "[x](/y.md)": true,
		"[x](https://example.com/nothing)": false, "`[x](z.md)`": false,
	} {
		wrong, _ := deadLinks(parsePage("a/x.md", "# X\n"+text+"\n"), func(name string) (page, bool) {
			p, ok := there[name]
			return p, ok
		})
		if (len(wrong) > 0) != bad {
			t.Errorf("%s: got %q, want a dead link: %v", text, wrong, bad)
		}
	}
}

// deadLinks lists the relative links of a page that lead nowhere, and counts
// all of them.
func deadLinks(p page, open func(name string) (page, bool)) (wrong []string, seen int) {
	for i, line := range p.prose {
		for _, m := range link.FindAllStringSubmatch(codeSpan.ReplaceAllString(line, "code"), -1) {
			target := m[2]
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			seen++
			file, anchor, hasAnchor := strings.Cut(target, "#")
			to := p
			if file != "" {
				var ok bool
				if to, ok = open(path.Join(path.Dir(p.path), file)); !ok || path.IsAbs(file) {
					wrong = append(wrong, fmt.Sprintf("%s:%d: the link to %s leads nowhere", p.path, i+1, target))
					continue
				}
			}
			if hasAnchor && !slices.ContainsFunc(to.headings, func(h heading) bool { return h.anchor == anchor }) {
				wrong = append(wrong, fmt.Sprintf("%s:%d: %s has no heading #%s", p.path, i+1, to.path, anchor))
			}
		}
	}
	return wrong, seen
}

// makefile lists the targets that `make` prints, with their descriptions.
func makefile(t testing.TB) map[string]string {
	t.Helper()
	targets := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z-]+):.*## (.+)$`).FindAllStringSubmatch(string(readFile(t, root("Makefile"))), -1) {
		targets[m[1]] = m[2]
	}
	if targets["synth"] == "" || targets["test"] == "" {
		t.Fatalf("the Makefile has the targets %v, synth and test should be among them", targets)
	}
	return targets
}

var makeWords = regexp.MustCompile(`^\s*make((?: +[a-z][a-z-]*)+)`)

// makeTargets are the targets that a page tells people to make.
func makeTargets(p page) []string {
	var targets []string
	add := func(text string) {
		if m := makeWords.FindStringSubmatch(text); m != nil {
			targets = append(targets, strings.Fields(m[1])...)
		}
	}
	for _, line := range p.prose {
		for _, m := range codeSpan.FindAllStringSubmatch(line, -1) {
			add(m[1])
		}
	}
	for _, b := range p.blocks {
		if b.language == "sh" {
			for _, line := range lines(b.text) {
				for _, command := range strings.Split(line, "&&") {
					add(command)
				}
			}
		}
	}
	return targets
}

// TestDocsNameMakeTargetsThatExist: or such that README says are planned.
func TestDocsNameMakeTargetsThatExist(t *testing.T) {
	targets := makefile(t)
	planned := map[string]bool{}
	for _, target := range makeTargets(readPage(t, readme).section(t, "What comes next")) {
		planned[target] = true
		if targets[target] != "" {
			t.Errorf(`README.md, "What comes next": make %s exists, describe it under "All commands" instead`, target)
		}
	}
	for _, p := range pages(t) {
		for _, target := range makeTargets(p) {
			if targets[target] == "" && !planned[target] {
				t.Errorf(`%s tells people to make %s, which is no target; name it in README.md, "What comes next", if it is planned`, p.path, target)
			}
		}
	}
	got := makeTargets(parsePage("x.md", "`make a b ENV=x` make c `make` `cmake d`\n```sh\nmake e  # make f\ncd x && make g\n```\n```text\nmake h\n```\n"))
	if want := []string{"a", "b", "e", "g"}; !slices.Equal(got, want) {
		t.Errorf("the parser finds %v, want %v", got, want)
	}
}

// TestDocsDescribeEveryMakeTarget compares README's commands with the Makefile.
func TestDocsDescribeEveryMakeTarget(t *testing.T) {
	var want []string
	for target := range makefile(t) {
		want = append(want, "make "+target)
	}
	commands := readPage(t, readme).section(t, "All commands")
	report(t, differences(commands.path, commands.table(t).rowsOf(t, "command"), want))
}

// TestDocsTellTheGate: the gate is what CONTRIBUTING says it is.
func TestDocsTellTheGate(t *testing.T) {
	var gate []string
	for _, m := range regexp.MustCompile(`(?m)^step (.+)$`).FindAllStringSubmatch(string(readFile(t, root(".ci", "run"))), -1) {
		gate = append(gate, makeTargets(parsePage("", "`"+m[1]+"`"))...)
	}
	told := makeTargets(readPage(t, "CONTRIBUTING.md").section(t, "The gate"))
	if len(gate) == 0 || len(told) < len(gate) || !slices.Equal(told[:len(gate)], gate) {
		t.Errorf(`CONTRIBUTING.md, "The gate", tells people to make %v, .ci/run makes %v`, told, gate)
	}
}

// TestDocsShellBlocksAreShell has bash read every command.
func TestDocsShellBlocksAreShell(t *testing.T) {
	seen := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.language != "sh" {
				continue
			}
			seen++
			command := exec.Command("bash", "-n")
			command.Stdin = strings.NewReader(b.text)
			if output, err := command.CombinedOutput(); err != nil {
				t.Errorf("%s:%d: bash cannot read this: %s", p.path, b.line, output)
			}
			// A placeholder in angle brackets would be a redirection.
			if m := regexp.MustCompile(`<[A-Za-z-]+>`).FindString(b.text); m != "" {
				t.Errorf("%s:%d: %s in a command redirects when pasted, use a variable", p.path, b.line, m)
			}
		}
	}
	if seen < 20 {
		t.Errorf("%d blocks were seen, that cannot be all", seen)
	}
}

// ---------------------------------------------------------------- names

// sharedNames are patterns of names that the platform gives; the first group is
// the name.
var sharedNames = []*regexp.Regexp{
	regexp.MustCompile(`(?:^|[^/\w.-])(fintrack-staging(?:-[a-z0-9]+)*)`),
	regexp.MustCompile(`(?:^|[^\w.-])(/fintrack/[a-z0-9-]+(?:/[a-z0-9-]+)+)`),
	regexp.MustCompile(`(/aws/(?:eks|vpc)/[a-z0-9-]+/[a-z-]+)`),
	regexp.MustCompile(`(alias/[a-z-]+/[a-z-]+)`),
	regexp.MustCompile(`(system:serviceaccount:[a-z-]+:[a-z-]+)`),
	regexp.MustCompile(`(?:^|[^/\w.-])(fintrack/[a-z0-9-]+)`),
}

func namesIn(text string) []string {
	var names []string
	for _, pattern := range sharedNames {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1])
		}
	}
	return names
}

// text is the page as it was, code and prose.
func (p page) text() string {
	all := strings.Join(p.prose, "\n")
	for _, b := range p.blocks {
		all += "\n" + b.text
	}
	return all
}

// TestDocsNamesExist: a name of the platform in a paper is one in the results.
func TestDocsNamesExist(t *testing.T) {
	exists := map[string]bool{}
	for _, env := range environments(t) {
		for _, stack := range slices.Sorted(maps.Keys(env.templates)) {
			for _, name := range namesIn(string(readFile(t, filepath.Join(env.assembly, stack+".template.json")))) {
				exists[name] = true
			}
		}
		for _, content := range tree(t, env.manifests) {
			for _, name := range namesIn(string(content)) {
				exists[name] = true
			}
		}
	}
	if !exists["fintrack-staging-nat"] || !exists["/fintrack/staging/platform/vpc-id"] || !exists["fintrack/mongodb-uri"] {
		t.Errorf("only these names were found in the results: %v", slices.Sorted(maps.Keys(exists)))
	}
	seen := 0
	for _, p := range pages(t) {
		for _, name := range namesIn(p.text()) {
			seen++
			// The front of a name is fine: "below /fintrack/staging/platform".
			known := exists[name] || strings.HasPrefix(name, "/") && slices.ContainsFunc(slices.Collect(maps.Keys(exists)), func(n string) bool { return strings.HasPrefix(n, name+"/") })
			if !known {
				t.Errorf("%s names %s, which is in no template and no manifest", p.path, name)
			}
		}
	}
	if seen < 50 {
		t.Errorf("%d names were seen, that cannot be all", seen)
	}
	got := namesIn("`fintrack-staging-nat` dist/staging/fintrack/x github.com/fintrack/platform \"fintrack/mongodb-uri\" /fintrack/staging/platform/vpc-id alias/a/b")
	if want := []string{"fintrack-staging-nat", "/fintrack/staging/platform/vpc-id", "alias/a/b", "fintrack/mongodb-uri"}; !slices.Equal(got, want) {
		t.Errorf("the parser finds %q, want %q", got, want)
	}
}

// TestDocsStacksExist: a stack that a paper names, by its name or by a pattern,
// is synthesized.
func TestDocsStacksExist(t *testing.T) {
	known := slices.Collect(maps.Keys(everything(t).templates))
	named := regexp.MustCompile(`\bFinTrack[A-Z][A-Za-z]*\*?`)
	typed := regexp.MustCompile(`npx cdk (?:ls|list|diff|deploy|destroy|synth)((?: +[^\s` + "`" + `#(]+)*)`)
	matches := func(pattern string) bool {
		return slices.ContainsFunc(known, func(stack string) bool {
			ok, err := path.Match(pattern, stack)
			return err == nil && ok
		})
	}
	seen := 0
	for _, p := range pages(t) {
		text := p.text()
		words := named.FindAllString(text, -1)
		for _, m := range typed.FindAllStringSubmatch(text, -1) {
			for _, argument := range strings.Fields(m[1]) {
				if argument = strings.Trim(argument, `'",.;:)(`); argument != "" && !strings.HasPrefix(argument, "-") && argument[0] >= 'A' && argument[0] <= 'Z' {
					seen++
					words = append(words, argument)
				}
			}
		}
		for _, word := range words {
			if !matches(word) {
				t.Errorf("%s names the stack %s; the stacks are %v", p.path, word, slices.Sorted(slices.Values(known)))
			}
		}
	}
	if seen < 5 {
		t.Errorf("%d stacks of commands were seen, that cannot be all", seen)
	}
	if matches("FinTrackStagingNet") || !matches("FinTrackStaging*") || !matches("FinTrackStaging") {
		t.Error("the comparison of patterns is broken")
	}
}

// TestDocsOutputsExist: outputs that papers query are outputs of the front door.
func TestDocsOutputsExist(t *testing.T) {
	patterns := []*regexp.Regexp{regexp.MustCompile(`OutputKey=='(\w+)'`), regexp.MustCompile("outputs? `(\\w+)`")}
	seen := 0
	for _, p := range pages(t) {
		for _, pattern := range patterns {
			for _, m := range pattern.FindAllStringSubmatch(p.text(), -1) {
				seen++
				if _, ok := everything(t).platform().Outputs[m[1]]; !ok {
					t.Errorf("%s names the output %s, which does not exist", p.path, m[1])
				}
			}
		}
	}
	if seen < 4 {
		t.Errorf("%d outputs were seen, that cannot be all", seen)
	}
}

// TestDocsKubectlNamesObjects: kind/name and namespaces in kubectl commands are
// rendered, or follow from what is.
func TestDocsKubectlNamesObjects(t *testing.T) {
	env := staging(t)
	objects, namespaces := map[string]bool{}, map[string]bool{}
	for _, o := range env.objects {
		objects[strings.ToLower(o.kind)+"/"+o.name] = true
		if o.kind == "Namespace" {
			namespaces[o.name] = true
		}
		if o.kind == "ExternalSecret" {
			objects["secret/"+o.text("spec.target.name")] = true
		}
	}
	kindName := regexp.MustCompile(`(?:^|\s)([a-z]+/[a-z0-9-]+)(?:\s|$)`)
	namespace := regexp.MustCompile(`kubectl -n ([a-z0-9-]+)`)
	seen := 0
	for _, p := range pages(t) {
		for _, line := range lines(p.text()) {
			_, command, ok := strings.Cut(line, "kubectl ")
			if !ok {
				continue
			}
			command, _, _ = strings.Cut(command, "`")
			for _, m := range namespace.FindAllStringSubmatch(line, -1) {
				if !namespaces[m[1]] {
					t.Errorf("%s: no manifest makes the namespace %s: %s", p.path, m[1], line)
				}
			}
			for _, m := range kindName.FindAllStringSubmatch(command, -1) {
				seen++
				if !objects[m[1]] {
					t.Errorf("%s: no manifest makes %s: %s", p.path, m[1], line)
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("%d objects were seen, that cannot be all", seen)
	}
}

// TestDocsPathsExist: files and folders that papers name are there. What is
// rendered is looked up in a fresh render.
func TestDocsPathsExist(t *testing.T) {
	entries, err := os.ReadDir(root())
	if err != nil {
		t.Fatal(err)
	}
	var tops []string
	for _, entry := range entries {
		if entry.IsDir() && entry.Name() != ".git" && !ignored(t)[entry.Name()] {
			tops = append(tops, regexp.QuoteMeta(entry.Name()))
		}
	}
	pattern := regexp.MustCompile(`(?:^|[\s` + "`" + `(])((?:` + strings.Join(tops, "|") + `|dist)/[\w./-]+)(…|[<*{]?)`)
	seen := 0
	for _, p := range pages(t) {
		if strings.HasPrefix(p.path, decisions) || p.path == "imports/README.md" || strings.HasPrefix(p.path, "tools/") {
			continue // decisions may name what is to come, the others their own paths
		}
		for _, m := range pattern.FindAllStringSubmatch(p.text(), -1) {
			name := strings.TrimRight(m[1], ".")
			if m[2] != "" { // an abbreviation or a pattern
				continue
			}
			seen++
			file := root(filepath.FromSlash(name))
			if rest, rendered := strings.CutPrefix(name, "dist/staging"); rendered {
				file = filepath.Join(staging(t).manifests, filepath.FromSlash(rest))
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s names %s, which does not exist", p.path, name)
			}
		}
	}
	if seen < 20 {
		t.Errorf("%d paths were seen, that cannot be all", seen)
	}
}

// ---------------------------------------------------------------- README

// TestDocsSynthSample: the output that README shows has the counts of now.
func TestDocsSynthSample(t *testing.T) {
	stackCount, resourceCount := 0, 0
	var want []string
	for _, env := range config.All() {
		e := get(t, env.Name, env)
		stackCount += len(e.templates)
		resourceCount += len(e.resources(""))
		summary, err := charts.Render(env, filepath.Join(t.TempDir(), "dist"))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("  %-16s %s", "dist/"+env.Name+"/", summary))
	}
	want = append(want, fmt.Sprintf("  %-16s %d stacks, %d resources", "cdk.out/", stackCount, resourceCount))
	two := readPage(t, readme).section(t, "Two commands")
	program := string(readFile(t, root("cmd", "synth", "main.go")))
	var shown []string
	for _, line := range lines(two.block(t, "text")) {
		if strings.HasPrefix(line, "  ") {
			shown = append(shown, line)
		} else if strings.HasSuffix(line, "…") && !strings.Contains(program, line) {
			t.Errorf("%s shows %q, which cmd/synth does not print", two.path, line)
		}
	}
	report(t, differences(two.path+" (run make synth and copy)", shown, want))
}

// TestDocsStacksAndFolders compares README's two tables with what is made.
func TestDocsStacksAndFolders(t *testing.T) {
	env := staging(t)
	section := readPage(t, readme).section(t, "What you get")
	found := section.tables()
	if len(found) != 2 {
		t.Fatalf("%s has %d tables, the test reads the stacks and the folders", section.path, len(found))
	}
	var stacks, folders []string
	for name, template := range env.templates {
		stacks = append(stacks, fmt.Sprintf("%s | %d", name, len(template.Resources)))
	}
	count := map[string]int{}
	for _, o := range env.objects {
		count[filepath.Dir(o.file)]++
	}
	for folder, n := range count {
		folders = append(folders, fmt.Sprintf("%s | %d", folder, n))
	}
	report(t, differences(section.path, found[0].rowsOf(t, "stack", "resources"), stacks))
	report(t, differences(section.path, found[1].rowsOf(t, "folder", "manifests"), folders))
}

// TestDocsFolderMap: every path of the map exists, and every folder at the top
// is in it.
func TestDocsFolderMap(t *testing.T) {
	section := readPage(t, readme).section(t, "Map of folders")
	var listed []string
	for _, row := range section.table(t).rowsOf(t, "path") {
		for _, name := range strings.Split(row, ", ") {
			listed = append(listed, name)
			if ignored(t)[strings.Trim(name, "/")] {
				continue // made by and by
			}
			info, err := os.Stat(root(filepath.FromSlash(name)))
			if err != nil || info.IsDir() != strings.HasSuffix(name, "/") {
				t.Errorf("%s: %s does not exist; a folder ends in /", section.path, name)
			}
		}
	}
	entries, err := os.ReadDir(root())
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() && entry.Name() != ".git" && !slices.Contains(listed, entry.Name()+"/") {
			t.Errorf("%s: add %s/", section.path, entry.Name())
		}
	}
}

// TestDocsChangeExample: the line that README changes is in the configuration,
// and the message that it shows is what Validate says.
func TestDocsChangeExample(t *testing.T) {
	section := readPage(t, readme).section(t, "Change something")
	var before, after string
	for _, line := range lines(section.block(t, "diff")) {
		switch line[0] {
		case '-':
			before = strings.TrimSpace(line[1:])
		case '+':
			after = strings.TrimSpace(line[1:])
		}
	}
	number := regexp.MustCompile(`\d+`)
	shape := func(line string) string { return number.ReplaceAllString(line, "N") }
	source := string(readFile(t, root("config", "staging.go")))
	if before == after || shape(before) != shape(after) || !strings.Contains(shape(source), shape(before)) {
		t.Errorf("%s changes %q to %q; config/staging.go has no such line", section.path, before, after)
	}
	env := config.Staging()
	env.Workloads[0].Autoscaling.Max = 1
	err := env.Validate()
	message := section.block(t, "text")
	if err == nil || !strings.HasSuffix(strings.TrimSpace(message), err.Error()) {
		t.Errorf("%s shows\n%s\nValidate says\n%v", section.path, message, err)
	}
}

// TestDocsSecondService compiles README's second service, validates it, and
// counts what it adds.
func TestDocsSecondService(t *testing.T) {
	section := readPage(t, readme).section(t, "Add a second service")
	workloads := workloadsOf(t, section)
	env := config.Staging()
	env.Workloads = append(env.Workloads, workloads...)
	if err := env.Validate(); err != nil {
		t.Fatalf("%s: %v", section.path, err)
	}
	dir := t.TempDir()
	synth(t, filepath.Join(dir, "cdk.out"), cdkapp.Options{Unvalidated: true}, env)
	resources := 0
	for _, stack := range stacksOf(t, filepath.Join(dir, "cdk.out")) {
		resources += len(cdktest.Read(t, filepath.Join(dir, "cdk.out"), stack).Resources)
	}
	summary, err := charts.Render(env, filepath.Join(dir, "dist"))
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("writes %d manifests and %d resources more", summary.Manifests()-len(staging(t).objects), resources-len(staging(t).resources("")))
	if !strings.Contains(strings.Join(section.prose, " "), want) {
		t.Errorf("%s must say that `make synth` %s", section.path, want)
	}
	// The kinds that it names are those that come.
	for _, o := range readObjects(t, filepath.Join(dir, "dist")) {
		isNew := !slices.ContainsFunc(staging(t).objects, func(old object) bool { return old.file == o.file })
		if isNew && !strings.Contains(strings.Join(section.prose, " "), o.kind) {
			t.Errorf("%s does not name the %s that comes", section.path, o.kind)
		}
	}
	for _, field := range regexp.MustCompile("`([A-Z][A-Za-z]+)`").FindAllStringSubmatch(strings.Join(section.prose, " "), -1) {
		_, isField := reflect.TypeFor[config.Workload]().FieldByName(field[1])
		_, isOfEnvironment := reflect.TypeFor[config.Environment]().FieldByName(field[1])
		if !isField && !isOfEnvironment {
			t.Errorf("%s names the field %s, which config.Workload does not have", section.path, field[1])
		}
	}
}

// workloadsOf turns the Go of a section into workloads: a small program is
// built from it in place, by an overlay, and prints them.
func workloadsOf(t *testing.T, section page) []config.Workload {
	t.Helper()
	snippet := "var snippet = []Workload{\n" + section.block(t, "go") + "}\n"
	file, err := parser.ParseFile(token.NewFileSet(), "snippet.go", "package main\n"+snippet, 0)
	if err != nil {
		t.Fatalf("%s: the Go does not parse: %v", section.path, err)
	}
	ast.Inspect(file, func(node ast.Node) bool {
		if element, ok := node.(*ast.KeyValueExpr); ok {
			if key, ok := element.Key.(*ast.Ident); ok && !fieldOfConfig(key.Name) {
				t.Errorf("%s: no type of config has the field %s", section.path, key.Name)
			}
		}
		return true
	})
	source := filepath.Join(t.TempDir(), "main.go")
	program := "package main\n\nimport (\n\t\"encoding/json\"\n\t\"os\"\n\n\t. \"github.com/fintrack/platform/config\"\n)\n\n" +
		snippet + "\nfunc main() { json.NewEncoder(os.Stdout).Encode(snippet) }\n"
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	virtual, err := filepath.Abs(root("cmd", "readme", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{virtual: source}})
	if err != nil {
		t.Fatal(err)
	}
	overlayFile := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", "run", "-overlay", overlayFile, "./cmd/readme")
	command.Dir = root()
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s: the Go does not compile: %v\n%s", section.path, err, stderr.String())
	}
	var workloads []config.Workload
	if err := json.Unmarshal(output, &workloads); err != nil {
		t.Fatal(err)
	}
	if len(workloads) != 1 {
		t.Errorf("%s adds %d workloads, want one", section.path, len(workloads))
	}
	return workloads
}

// fieldOfConfig says whether Workload or a type that it is made of has a field.
func fieldOfConfig(name string) bool {
	var has func(reflect.Type) bool
	has = func(t reflect.Type) bool {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			return has(t.Elem())
		case reflect.Struct:
			for field := range t.Fields() {
				if field.Name == name || has(field.Type) {
					return true
				}
			}
		}
		return false
	}
	return has(reflect.TypeFor[config.Workload]())
}

// TestDocsReleaseExample: the release that README shows is one that is taken.
func TestDocsReleaseExample(t *testing.T) {
	section := readPage(t, readme).section(t, "Deploy to an account")
	releases, err := config.ParseReleases([]byte(section.block(t, "json")))
	if err != nil {
		t.Fatalf("%s: the release %v", section.path, err)
	}
	env := config.Staging()
	env.Releases = releases
	if err := env.Validate(); err != nil {
		t.Errorf("%s: %v", section.path, err)
	}
	if len(releases.Workloads) != 1 {
		t.Errorf("%s shows %d releases, want that of the web service", section.path, len(releases.Workloads))
	}
	// "The five values at the top": the constants that are not the example's.
	top, _, _ := strings.Cut(string(readFile(t, root("config", "staging.go"))), "\nfunc ")
	if n := len(regexp.MustCompile(`(?m)^\t(account|region|domain|repository|owner) +=`).FindAllString(top, -1)); n != 5 || !strings.Contains(section.text(), "the five values at the top") {
		t.Errorf("%s speaks of five values, config/staging.go has %d of their names", section.path, n)
	}
}

// ---------------------------------------------------------------- versions

func firstGroup(t testing.TB, file, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindSubmatch(readFile(t, root(filepath.FromSlash(file))))
	if m == nil {
		t.Fatalf("%s has nothing like %s", file, pattern)
	}
	return string(m[1])
}

// TestDocsVersions: the versions that papers ask for are the pinned ones, and
// the schemas are those of the cluster's Kubernetes.
func TestDocsVersions(t *testing.T) {
	goVersion := firstGroup(t, "go.mod", `(?m)^go (\d+\.\d+)`)
	var manifest struct{ OptionalDependencies map[string]string }
	if err := json.Unmarshal(readFile(t, root("package.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	node := ""
	for name, version := range manifest.OptionalDependencies {
		major, _, _ := strings.Cut(version, ".")
		if node != "" && node != major {
			t.Errorf("package.json: %s is Node %s, another platform has %s", name, major, node)
		}
		node = major
	}
	kubernetes := config.Staging().Cluster.Version
	for _, p := range pages(t) {
		if strings.HasPrefix(p.path, decisions) {
			continue // they tell of other versions
		}
		for pattern, want := range map[string]string{
			`\bGo (\d+\.\d+)`:     goVersion,
			`\| Go \| (\d+\.\d+)`: goVersion,
			`\bNode (\d+)`:        node,
			`\bKubernetes (?:schemas \| v)?(\d+\.\d+)\b`: kubernetes,
		} {
			for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(p.text(), -1) {
				if m[1] != want {
					t.Errorf("%s says %q, the pinned version is %s", p.path, m[0], want)
				}
			}
		}
	}
	for _, want := range []string{"Go " + goVersion, "Node " + node, "Kubernetes " + kubernetes} {
		if !strings.Contains(readPage(t, readme).text(), want) {
			t.Errorf("README.md does not say %s", want)
		}
	}
	schemas := firstGroup(t, "tools/internal/schemas/sources.go", `Module: "k8s.io/kubernetes", Version: "v(\d+\.\d+)\.\d+"`)
	if schemas != kubernetes {
		t.Errorf("config/staging.go runs Kubernetes %s, tools/internal/schemas/sources.go checks against %s", kubernetes, schemas)
	}
}

// ---------------------------------------------------------------- architecture

// compareTable compares columns of a table of docs/architecture.md with rows.
func compareTable(t *testing.T, title string, columns, actual []string) {
	t.Helper()
	section := readPage(t, architecture).section(t, title)
	report(t, differences(section.path, section.table(t).rowsOf(t, columns...), actual))
}

func TestDocsTableOfResources(t *testing.T) {
	count := map[string]int{}
	for _, r := range staging(t).resources("") {
		count[r.stack+" | "+r.Type]++
	}
	var rows []string
	for key, n := range count {
		rows = append(rows, fmt.Sprintf("%s | %d", key, n))
	}
	compareTable(t, "Stacks and resources", []string{"stack", "resource type", "number"}, rows)
}

func TestDocsTableOfIdentities(t *testing.T) {
	var rows []string
	for _, role := range staging(t).resources("AWS::IAM::Role") {
		rows = append(rows, fmt.Sprintf("%v | %s | %s", role.At("RoleName"), assumedBy(t, role), policiesOf(role)))
	}
	compareTable(t, "Identities", []string{"role", "assumed by", "policies"}, rows)
}

// assumedBy is who a role's trust policy names.
func assumedBy(t *testing.T, role stackResource) string {
	t.Helper()
	if subject, isWorkload := trustSubject(t, role); isWorkload {
		return subject
	}
	if statements, _ := role.At("AssumeRolePolicyDocument.Statement").([]any); len(statements) != 1 {
		t.Errorf("%s has %d trust statements, want 1", role, len(statements))
	}
	principal := role.At("AssumeRolePolicyDocument.Statement.0.Principal")
	if service, ok := cdktest.At(principal, "Service").(string); ok {
		return service
	}
	if cdktest.At(principal, "AWS.Fn::Sub") == "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" {
		return "named people of the account"
	}
	return cdktest.Show(principal)
}

// policiesOf lists a role's policies by name.
func policiesOf(role stackResource) string {
	var names []string
	managed, _ := role.At("ManagedPolicyArns").([]any)
	for _, arn := range managed {
		names = append(names, path.Base(fmt.Sprint(cdktest.At(arn, "Fn::Sub"))))
	}
	inline, _ := role.At("Policies").([]any)
	for _, policy := range inline {
		statements, _ := cdktest.At(policy, "PolicyDocument.Statement").([]any)
		unit := "statements"
		if len(statements) == 1 {
			unit = "statement"
		}
		names = append(names, fmt.Sprintf("%v (inline, %d %s)", cdktest.At(policy, "PolicyName"), len(statements), unit))
	}
	if len(names) == 0 {
		return "none"
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func TestDocsTableOfParameters(t *testing.T) {
	env := staging(t)
	type fact struct{ description, value string }
	parameters := map[fact]string{}
	for _, r := range env.resources("AWS::SSM::Parameter") {
		parameters[fact{fmt.Sprint(r.At("Description")), cdktest.Show(r.At("Value"))}] = fmt.Sprint(r.At("Name"))
	}
	var rows []string
	for name, output := range env.platform().Outputs {
		f := fact{output.Description, cdktest.Show(output.Value)}
		parameter := parameters[f]
		if parameter == "" {
			parameter = "–"
		}
		delete(parameters, f)
		rows = append(rows, name+" | "+parameter+" | "+output.Description)
	}
	for f, parameter := range parameters {
		rows = append(rows, "– | "+parameter+" | "+f.description)
	}
	compareTable(t, "Parameters and outputs", []string{"output", "SSM parameter", "description"}, rows)
}

func TestDocsTableOfWhatStays(t *testing.T) {
	var rows []string
	for _, r := range staging(t).resources("") {
		if r.DeletionPolicy == "" || r.DeletionPolicy == "Delete" {
			continue
		}
		rows = append(rows, r.stack+" | "+r.Type+" | "+nameOf(r)+" | "+r.DeletionPolicy)
	}
	compareTable(t, "What stays", []string{"stack", "resource type", "name", "policy"}, rows)
	// What the options add is told in a sentence.
	var further []string
	for _, r := range everything(t).database().Resources {
		if r.DeletionPolicy != "" && r.DeletionPolicy != "Delete" {
			further = append(further, r.Type+" "+r.DeletionPolicy)
		}
	}
	slices.Sort(further)
	if want := []string{"AWS::RDS::DBInstance Snapshot", "AWS::SecretsManager::Secret RetainExceptOnCreate"}; !slices.Equal(further, want) {
		t.Errorf(`docs/architecture.md, "What stays", says that PostgreSQL leaves a secret and a snapshot; it leaves %v`, further)
	}
}

// nameOf is how people find a resource in AWS.
func nameOf(r stackResource) string {
	for _, property := range []string{"LogGroupName", "RepositoryName", "Name", "Description"} {
		if name, ok := r.At(property).(string); ok {
			return name
		}
	}
	return r.Tag("Name")
}

func TestDocsTableOfTheNetwork(t *testing.T) {
	network := staging(t).network()
	route := map[string]string{} // route table → where its default route leads
	for _, r := range network.OfType("AWS::EC2::Route") {
		id, _ := r.At("RouteTableId.Ref").(string)
		to := cdktest.Show(r.Properties)
		switch gateway, _ := r.At("GatewayId.Ref").(string); {
		case r.At("DestinationCidrBlock") != "0.0.0.0/0":
			t.Errorf("the route %s is no default route, the table has no column for it", to)
			continue
		case network.Resources[gateway].Type == "AWS::EC2::InternetGateway":
			to = "internet gateway"
		case r.At("NetworkInterfaceId.Ref") == network.Only(t, "AWS::EC2::NetworkInterface").LogicalID:
			to = "NAT instance"
		}
		route[id] = to
	}
	tableOf := map[string]string{} // subnet → route table
	for _, r := range network.OfType("AWS::EC2::SubnetRouteTableAssociation") {
		subnet, _ := r.At("SubnetId.Ref").(string)
		tableOf[subnet], _ = r.At("RouteTableId.Ref").(string)
	}
	var rows []string
	for _, subnet := range network.OfType("AWS::EC2::Subnet") {
		kind := "private"
		if subnet.Tag("kubernetes.io/role/elb") == "1" {
			kind = "public"
		}
		zone := strings.TrimPrefix(fmt.Sprint(subnet.At("AvailabilityZone.Fn::Sub")), "${AWS::Region}")
		rows = append(rows, fmt.Sprintf("%s | %s | %v | %s", zone, kind, subnet.At("CidrBlock"), route[tableOf[subnet.LogicalID]]))
	}
	compareTable(t, "Network", []string{"zone", "kind", "CIDR", "default route"}, rows)
	section := readPage(t, architecture).section(t, "Network")
	if cidr := fmt.Sprint(network.Only(t, "AWS::EC2::VPC").At("CidrBlock")); !strings.Contains(section.text(), "The VPC is `"+cidr+"`") {
		t.Errorf("%s must say that the VPC is %s", section.path, cidr)
	}
}

func TestDocsTableOfAlarms(t *testing.T) {
	signs := map[any]string{"LessThanThreshold": "<", "GreaterThanThreshold": ">", "GreaterThanOrEqualToThreshold": "≥"}
	var rows []string
	for _, stack := range staging(t).templates {
		for _, r := range stack.OfType("AWS::CloudWatch::Alarm") {
			raised := fmt.Sprintf("%v %s %v in %v × %v s", r.At("Statistic"), signs[r.At("ComparisonOperator")], r.At("Threshold"), r.At("EvaluationPeriods"), r.At("Period"))
			if r.At("TreatMissingData") == "breaching" {
				raised += ", or no value"
			}
			rows = append(rows, fmt.Sprintf("%v | %v %v | %s", r.At("AlarmName"), r.At("Namespace"), r.At("MetricName"), raised))
			if r.At("DatapointsToAlarm") != r.At("EvaluationPeriods") {
				t.Errorf("%v is raised by some of its periods, the table has no column for that", r.At("AlarmName"))
			}
		}
	}
	compareTable(t, "Alarms", []string{"alarm", "metric", "raised when"}, rows)
}

func TestDocsTableOfAllowances(t *testing.T) {
	policy := staging(t).object(t, "NetworkPolicy", "web")
	var rows []string
	for direction, key := range map[string]string{"ingress": "from", "egress": "to"} {
		rules, _ := policy.at("spec." + direction).([]any)
		for _, rule := range rules {
			rows = append(rows, direction+" | "+portsOf(rule)+" | "+peersOf(cdktest.At(rule, key)))
		}
	}
	compareTable(t, "What the web service may reach", []string{"direction", "ports", "peers"}, rows)
	// A rule without ports or peers admits everything, and must show as that.
	if got := portsOf(map[string]any{}) + ", " + peersOf(nil); got != "all ports, everybody" {
		t.Errorf("an empty rule is described as %q", got)
	}
}

func portsOf(rule any) string {
	var all []string
	ports, _ := cdktest.At(rule, "ports").([]any)
	for _, port := range ports {
		all = append(all, fmt.Sprintf("%v %v", cdktest.At(port, "protocol"), cdktest.At(port, "port")))
	}
	if len(all) == 0 {
		return "all ports"
	}
	return strings.Join(all, ", ")
}

func peersOf(peers any) string {
	var all []string
	list, _ := peers.([]any)
	for _, peer := range list {
		text := cdktest.Show(peer)
		namespace, inNamespace := cdktest.At(peer, "namespaceSelector.matchLabels.kubernetes.io/metadata.name").(string)
		pods, _ := cdktest.At(peer, "podSelector.matchLabels").(map[string]any)
		switch cidr, _ := cdktest.At(peer, "ipBlock.cidr").(string); {
		case cidr != "":
			text = cidr
			except, _ := cdktest.At(peer, "ipBlock.except").([]any)
			for i, e := range except {
				separator := ", "
				if i == 0 {
					separator = " except "
				}
				text += separator + fmt.Sprint(e)
			}
		case inNamespace && len(pods) == 1:
			for key, value := range pods {
				text = fmt.Sprintf("%s=%v in namespace %s", key, value, namespace)
			}
		case inNamespace && len(pods) == 0:
			text = "namespace " + namespace
		}
		all = append(all, text)
	}
	if len(all) == 0 {
		return "everybody"
	}
	return strings.Join(all, ", ")
}

func TestDocsTableOfManifests(t *testing.T) {
	hash := regexp.MustCompile(`-[0-9a-f]{10}$`)
	var rows []string
	for _, o := range staging(t).objects {
		name := o.name
		if o.kind == "ConfigMap" {
			name = hash.ReplaceAllString(name, "-HASH")
		}
		rows = append(rows, filepath.Dir(o.file)+" | "+o.kind+" | "+name)
	}
	compareTable(t, "Manifests", []string{"folder", "kind", "name"}, rows)
}

func TestDocsTableOfSeams(t *testing.T) {
	var rows []string
	for _, m := range regexp.MustCompile(`(?m)^func (TestSeam\w+)\(`).FindAllStringSubmatch(string(readFile(t, "seams_test.go")), -1) {
		if m[1] != "TestSeamCanFail" {
			rows = append(rows, m[1])
		}
	}
	compareTable(t, "Seams", []string{"test"}, rows)
}

// TestDocsTableOfLayers: every package that the table names is there, and every
// folder that holds Go at the top, but for tests and generated code, is named.
func TestDocsTableOfLayers(t *testing.T) {
	var rows []string
	for _, folder := range []string{"charts", "cmd", "config", "constructs", "contract", "internal", "stacks"} {
		if _, err := os.Stat(root(folder)); err == nil {
			rows = append(rows, folder)
		}
	}
	compareTable(t, "Layers", []string{"package"}, rows)
}

// ---------------------------------------------------------------- indexes

// TestDocsIndexOfDecisions compares the index with the records: file, title,
// status; numbers are given once and without gaps.
func TestDocsIndexOfDecisions(t *testing.T) {
	index := readPage(t, decisions+"/README.md")
	listed := index.tables()[0]
	files, err := filepath.Glob(root(filepath.FromSlash(decisions), "[0-9]*.md"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d records were found: %v", len(files), err)
	}
	var want []string
	for i, file := range files {
		number, _, _ := strings.Cut(filepath.Base(file), "-")
		if expected := fmt.Sprintf("%04d", i+1); number != expected {
			t.Errorf("%s: the number must be %s; numbers are unique and without gaps", file, expected)
		}
		record := readPage(t, decisions+"/"+filepath.Base(file))
		title, ok := strings.CutPrefix(record.headings[0].text, number+". ")
		if !ok {
			t.Errorf("%s: the title %q must begin with %s.", record.path, record.headings[0].text, number)
		}
		status := regexp.MustCompile(`(?m)^- Status: (\w+)`).FindStringSubmatch(record.text())
		if status == nil {
			t.Errorf("%s has no line \"- Status: …\"", record.path)
			continue
		}
		want = append(want, number+" | "+title+" | "+status[1])
		if !strings.Contains(index.text(), "]("+filepath.Base(file)+")") {
			t.Errorf("%s: link %s", index.path, filepath.Base(file))
		}
		var sections []string
		for _, h := range record.headings[1:] {
			sections = append(sections, h.text)
		}
		if form := []string{"Context", "Decision", "Evidence", "Consequences", "Alternatives"}; !slices.Equal(sections, form) {
			t.Errorf("%s has the sections %v, want %v", record.path, sections, form)
		}
	}
	report(t, differences(index.path, listed.rowsOf(t, "number", "title", "status"), want))
}

// TestDocsIndexOfRunbooks: every page is in the index, once, and begins with its
// symptom.
func TestDocsIndexOfRunbooks(t *testing.T) {
	entries, err := os.ReadDir(root(filepath.FromSlash(runbooks)))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, entry := range entries {
		if entry.Name() == "README.md" {
			continue
		}
		want = append(want, entry.Name())
		p := readPage(t, runbooks+"/"+entry.Name())
		if len(p.headings) < 2 || p.headings[1].text != "Symptom" {
			t.Errorf("%s must begin with its symptom", p.path)
		}
		if !slices.ContainsFunc(p.blocks, func(b block) bool { return b.language == "sh" }) {
			t.Errorf("%s has no command to paste", p.path)
		}
	}
	index := readPage(t, runbooks+"/README.md")
	report(t, differences(index.path, index.tables()[0].rowsOf(t, "page"), want))
}
