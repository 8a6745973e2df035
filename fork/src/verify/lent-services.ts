import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Box, defineTopology, type Instance, launch, mailBox, redisBox, type Topology } from '@day90/infra';
import { postgres } from 'stage-3/boxes';
import { databaseOptions, databases } from 'stage-4/boxes';
import { shards } from '../../../stages/day45-replicas/src/sharded/boxes.ts';
import type { Database, Plan } from '../plans.ts';
import { databasesOf, redisesOf } from '../services.ts';

const HERE = '../../fork/src/verify';
/** Of the topology's form alone: the ports that are used are free ones. */
const FIRST_PORT = 18_000;

/**
 * Starts what a project's compose.yaml would start: databases that are empty but for what its own roles.sql makes, and no
 * process of the stage.
 * @param roles - That file's text.
 */
export function lendServices(workspace: string, plan: Plan, roles: string, signal: AbortSignal): Promise<Instance> {
  return launch(topologyOf(plan, roles), {
    ...{ folder: join(workspace, 'stages', plan.stage), instance: `fork-${plan.name}-${process.pid}` },
    ...{ scale: 'small', ports: 'free', quiet: true, throwAway: true, budgets: false, signal },
    onProgress: () => {},
  });
}

function topologyOf(plan: Plan, roles: string): Topology {
  const redises = redisesOf(plan).map(({ name }, i): [string, Box] => [
    name,
    redisBox('redis', `${HERE}/redis.conf`, FIRST_PORT + 100 + i),
  ]);
  const mail = mailBox(FIRST_PORT);
  return defineTopology({
    stage: plan.name,
    door: 'mail',
    ...(plan.database !== 'sqlite' && { data: dataOf(plan, roles) }),
    ...(plan.database === 'cluster' && { options: databaseOptions }),
    boxes: {
      mail: { ...mail, env: { ...mail.env, MAIL_DELAY_MS: '0' } },
      ...Object.fromEntries(redises),
      ...databaseBoxes(plan.database),
    },
  });
}

function databaseBoxes(database: Database): Record<string, Box> {
  const port = FIRST_PORT + 200;
  if (database === 'postgres') return { postgres: withRoles(postgres(port)) };
  if (database === 'cluster') return { db: withRoles(databases(port, { cpu: 1 })) };
  return database === 'shards' ? { shard: withRoles(shards(port)) } : {};
}

/** Lets the project's roles in. */
function withRoles(box: Box): Box {
  const cluster = box.files?.['base_hba.conf'] ? { 'cluster_hba.conf': box.files['pg_hba.conf'] ?? '' } : {};
  return { ...box, files: { ...box.files, ...cluster, 'pg_hba.conf': `${HERE}/pg_hba.conf` } };
}

/** The folders that the boxes expect, named by the roles that are in them. */
function dataOf(plan: Plan, roles: string): NonNullable<Topology['data']> {
  const folders = plan.database === 'shards' ? databasesOf(plan).map(({ name }) => name) : ['postgres'];
  return {
    engine: `fork-${plan.database}`,
    version: Number.parseInt(createHash('sha256').update(roles).digest('hex').slice(0, 8), 16),
    load: ['node', `${HERE}/empty-databases.ts`],
    env: {
      DB_OWNER_PASSWORD: '${secret:db-owner}',
      DB_APP_PASSWORD: '${secret:db-app}',
      FOLDERS: folders.join(),
      ROLES: roles,
    },
    unprivileged: true,
  };
}
