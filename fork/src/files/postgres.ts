import type { Plan } from '../plans.ts';
import { LOCAL_PASSWORD } from '../services.ts';
import type { Names } from '../wording.ts';

/** The files that make a project's databases, by their paths. */
export function postgresFiles(plan: Plan, names: Names): Record<string, string> {
  if (plan.database === 'sqlite') return {};
  return {
    'infra/postgres/roles.sql': rolesFile(plan, names),
    ...(plan.database === 'cluster' && {
      'infra/postgres/replication.sh': REPLICATION,
      'infra/postgres/follow.sh': FOLLOW,
    }),
  };
}

/** One statement a line. */
function rolesFile({ database }: Plan, { database: name }: Names): string {
  return `-- Run once, as the superuser, when the server is new.
-- The owner may change tables: it is for migrations alone. The app reads and writes rows.
CREATE ROLE owner LOGIN PASSWORD '${LOCAL_PASSWORD}';
CREATE ROLE app LOGIN PASSWORD '${LOCAL_PASSWORD}';
${database === 'cluster' ? `CREATE ROLE replicator LOGIN REPLICATION PASSWORD '${LOCAL_PASSWORD}';\n` : ''}CREATE DATABASE ${name} OWNER owner;
-- TEMPORARY among them: a role that may change no table makes none of that kind either.
REVOKE ALL ON DATABASE ${name} FROM PUBLIC;
GRANT CONNECT ON DATABASE ${name} TO app;
`;
}

const REPLICATION = `#!/usr/bin/env bash
# Run once, when the primary is new: lets replicas in.
set -euo pipefail
echo 'host replication replicator all scram-sha-256' >> "$PGDATA/pg_hba.conf"
`;

const FOLLOW = `#!/usr/bin/env bash
# Starts a replica. A new one copies the primary first.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  until PGPASSWORD="$POSTGRES_PASSWORD" pg_basebackup --host "$PRIMARY" --username replicator --pgdata "$PGDATA" --write-recovery-conf; do
    echo 'waiting for the primary'
    rm -rf "$PGDATA"
    sleep 1
  done
  chmod 0700 "$PGDATA"
fi
exec postgres
`;
