#!/bin/sh
# Generates imports/externalsecretsio again: Go types for the two custom
# resources of External Secrets that the charts use. Run it from the repository's
# root after `npm ci`; README.md beside this file tells why it does what it does.
set -eu

module=github.com/external-secrets/external-secrets@v1.3.2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH="$PWD/node_modules/.bin:$PATH"

source=$(go mod download -json "$module" | sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p')

# Both definitions in one file, because they share the API group; only what the
# API server serves and what a manifest may hold; only the provider that we use.
cat > "$work/trim.cjs" <<'JS'
const fs = require('fs');
const yaml = require(require.resolve('yaml', { paths: [process.cwd() + '/node_modules'] }));
const definitions = process.argv.slice(2).map(file => {
  const crd = yaml.parse(fs.readFileSync(file, 'utf8'));
  crd.spec.versions = crd.spec.versions.filter(version => version.served);
  for (const version of crd.spec.versions) {
    const properties = version.schema.openAPIV3Schema.properties;
    delete properties.status;
    const provider = properties.spec.properties.provider;
    if (provider) {
      provider.properties = { aws: provider.properties.aws };
    }
  }
  return yaml.stringify(crd);
});
process.stdout.write(definitions.join('---\n'));
JS
node "$work/trim.cjs" \
  "$source/config/crds/bases/external-secrets.io_externalsecrets.yaml" \
  "$source/config/crds/bases/external-secrets.io_clustersecretstores.yaml" \
  > "$work/external-secrets.yaml"

# --no-save, or the CLI would write the name of a temporary file to cdk8s.yaml.
rm -rf imports/externalsecretsio
cdk8s import "$work/external-secrets.yaml" --language go --output imports --no-save --check-upgrade=false
