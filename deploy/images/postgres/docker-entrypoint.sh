#!/bin/sh
# Makes the data folder at the first start, then becomes the server.
# Takes the variables of the official image: POSTGRES_USER, POSTGRES_PASSWORD.
set -eu
binaries=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
as_postgres="setpriv --reuid=postgres --regid=postgres --init-groups"
if [ ! -s "$data/PG_VERSION" ]; then
  install -d -o postgres -g postgres -m 700 "$data"
  secret=$(mktemp)
  printf %s "${POSTGRES_PASSWORD:?needs a password}" >"$secret"
  chown postgres "$secret"
  $as_postgres "$binaries/initdb" -D "$data" -U "${POSTGRES_USER:-postgres}" --pwfile="$secret" \
    -A scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
  rm "$secret"
  echo "host all all all scram-sha-256" >>"$data/pg_hba.conf"
fi
unset POSTGRES_PASSWORD
exec $as_postgres "$binaries/postgres" -D "$data" -c listen_addresses='*' "$@"
