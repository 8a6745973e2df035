export { sqliteEnv } from './env.ts';
export { migrationSource } from './migrations/index.ts';
export { sqlAnswers } from './sql-answers.ts';
export { coldQuery, hotStatement, type SqlDatabase, type SqlQuery, statementBook } from './sql-database.ts';
export { sqlPosts } from './sql-posts.ts';
export { sqlRecommend } from './sql-recommend.ts';
export { sqlUsers } from './sql-users.ts';
export { sqlViews } from './sql-views.ts';
export { openSqlite } from './sqlite.ts';
