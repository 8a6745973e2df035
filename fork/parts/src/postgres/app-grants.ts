/** What the app's role may do: read and write rows, and nothing that makes it more than an app. */
export const APP_GRANTS = [
  'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO day90_app',
  'REVOKE INSERT, UPDATE, DELETE ON admins, knex_migrations, knex_migrations_lock FROM day90_app',
  'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO day90_app',
];
