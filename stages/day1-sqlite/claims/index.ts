import type { ArmSource, Claim, K6Claim } from '@day90/bench';
import Database from 'better-sqlite3';
import { demands } from './demands.ts';
import { growth } from './growth.ts';
import { ladder } from './ladder.ts';
import { plans } from './plans.ts';
import { writeTax } from './write-tax.ts';

const stage1: ArmSource = { label: 'stage-1', topology: 'src/topology.ts', box: 'app' };
const naive: ArmSource = { label: 'stage-1-naive', topology: 'src/naive/topology.ts', box: 'app' };
/** The naive app has no index either, and its feed scans the table: that would be measured, and not the queries. */
const nPlusOne: ArmSource = { label: 'stage-1 with N+1', topology: 'claims/n-plus-one/topology.ts', box: 'app' };

const feed: K6Claim = {
  kind: 'k6',
  id: 'feed',
  title: 'One JOIN instead of a query for each author: the feed of 100 posts takes the database less time',
  proves: ['C1'],
  script: 'load.ts',
  arms: { before: nPlusOne, after: stage1 },
  metrics: [
    { from: 'db_ms', metric: 'database time, p50 per block', goal: { op: '>=', value: 2.5 } },
    { from: 'app_ms', metric: 'time in the app, p50 per block' },
    { from: 'http_req_duration', metric: 'response time, p50 per block' },
    { from: 'cpu', metric: 'CPU of the app for a request' },
  ],
  queries: { before: 101, after: 1 },
};

const author: K6Claim = {
  kind: 'k6',
  id: 'author',
  title: "An index instead of a full scan: an author's page reads that author's newest posts and nothing else",
  proves: ['C2'],
  scale: 'full',
  script: 'claims/author.load.ts',
  blockSeconds: 3,
  arms: { before: naive, after: stage1 },
  metrics: [
    { from: 'db_ms', metric: 'database time, p50 per block', goal: { op: '>=', value: 700 } },
    { from: 'http_req_duration', metric: 'response time, p50 per block' },
    { from: 'cpu', metric: 'CPU of the app for a request' },
  ],
};

const versions = async () => {
  const db = new Database(':memory:');
  const sqlite = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  db.close();
  return { sqlite };
};

/** What stage 1 says of itself, the headline first. */
export const claims: Claim[] = [feed, author, growth, writeTax, plans, ladder, demands].map((claim) => ({
  ...claim,
  versions,
}));
