#!/bin/sh
# Makes the data folder at the first start, then becomes the server.
# Takes the variables of the official image, POSTGRES_USER and POSTGRES_PASSWORD, and its folder of SQL for that start.
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
  if ls /docker-entrypoint-initdb.d/*.sql >/dev/null 2>&1; then
    # on the socket alone: nobody outside meets the server before its databases are there
    $as_postgres "$binaries/pg_ctl" -D "$data" -w -o "-c listen_addresses=''" start >/dev/null
    for script in /docker-entrypoint-initdb.d/*.sql; do
      PGPASSWORD=$POSTGRES_PASSWORD psql -q -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres -f "$script"
    done
    $as_postgres "$binaries/pg_ctl" -D "$data" -w stop >/dev/null
  fi
fi
unset POSTGRES_PASSWORD
exec $as_postgres "$binaries/postgres" -D "$data" -c listen_addresses='*' "$@"
