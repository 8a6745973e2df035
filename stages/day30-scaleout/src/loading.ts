/** What makes data folders of Postgres, for the loaders of later stages: apart from the index, since no app needs it to run. */
export { copyRows } from './copy-rows.ts';
export { makeDatabase, type RolePasswords, syncFolder } from './make-database.ts';
export { migrate } from './postgres-migrate.ts';
export { databaseUrl, type PostgresServer, startPostgres } from './postgres-server.ts';
