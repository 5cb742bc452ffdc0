#!/usr/bin/env bash
# Builds images of RabbitMQ and PostgreSQL for the integration tests from Debian's own packages, for machines that
# reach a Debian mirror but no image registry. Needs root, Docker and debootstrap; about a minute for each image.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
suite=${DEBIAN_SUITE:-bookworm}
for tool in docker debootstrap; do
  command -v "$tool" >/dev/null || { echo "images-local: $tool is missing; run \`apt-get install docker.io debootstrap\`." >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "images-local: debootstrap needs root; run \`sudo make images-local\`." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # name, Debian package, port
  local from there
  from=$(sha256sum <"$here/$1/docker-entrypoint.sh" | cut -c1-16)  # an image with another entrypoint is made anew
  there=$(docker image inspect -f '{{index .Config.Labels "suite.from"}}' "suite-$1:local" 2>/dev/null || true)
  if [ "$there" = "$from" ]; then
    echo "images-local: suite-$1:local is there already"
    return
  fi
  echo "images-local: suite-$1:local from Debian's $2 ..."
  debootstrap --variant=minbase --include="$2" "$suite" "$work/$1" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$work/$1.log" 2>&1 ||
    { tail -5 "$work/$1.log" >&2; exit 1; }
  install -m 755 "$here/$1/docker-entrypoint.sh" "$work/$1/usr/local/bin/docker-entrypoint.sh"
  rm -rf "$work/$1/var/cache/apt/archives" "$work/$1/var/lib/apt/lists"
  tar -C "$work/$1" -c . | docker import -c 'ENTRYPOINT ["docker-entrypoint.sh"]' -c "EXPOSE $3" \
    -c "LABEL suite.from=$from" - "suite-$1:local" >/dev/null
  rm -rf "${work:?}/$1"
}

build rabbitmq rabbitmq-server 5672
build postgres postgresql 5432
