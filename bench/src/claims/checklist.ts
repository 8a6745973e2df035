import type { LedgerRow } from './ledger-row.ts';

/** K1 to K20: the lines of the guide's checklist. Most are proved by what proves the claim they come from. */
export const checklist: readonly LedgerRow[] = [
  { id: 'K1', says: 'Database: JOIN instead of N+1', as: ['C1'] },
  { id: 'K2', says: 'Database: indexes on what is queried', as: ['C2'] },
  { id: 'K3', says: 'Database: EXPLAIN is read', as: ['C3'] },
  { id: 'K4', says: 'Database: a connection pool', as: ['C4'] },
  { id: 'K5', says: 'Database: read replicas', as: ['C14', 'T6'] },
  { id: 'K6', says: 'Caching: what is read often is cached', as: ['C5', 'C6'] },
  {
    id: 'K7',
    says: 'Caching: times to live are chosen',
    tests: [
      {
        file: 'stages/day15-cache/test/one-load.test.ts',
        name: 'is due at a random moment of the last fifth of its life, which ends when it should',
      },
    ],
  },
  { id: 'K8', says: 'Caching: a change invalidates', as: ['C7', 'T4'] },
  { id: 'K9', says: 'Caching: Cache-Control is set', as: ['C20'] },
  { id: 'K10', says: 'Servers: a load balancer', as: ['C10', 'C11'] },
  { id: 'K11', says: 'Servers: auto scaling', claims: ['stage-7.autoscale'] },
  { id: 'K12', says: 'Servers: sessions in a central store', as: ['C12'] },
  {
    id: 'K13',
    says: 'Servers: a health check',
    drills: [14],
    tests: [
      { file: 'shared/core/test/app-failures.test.ts', name: 'is alive, but not ready, while its database is away' },
    ],
  },
  { id: 'K14', says: 'Jobs: slow work (mail, pictures) in the background', as: ['C21'] },
  { id: 'K15', says: 'Jobs: a queue of tasks', as: ['C21', 'T11'] },
  { id: 'K16', says: 'CDN: static files', as: ['C19'] },
  { id: 'K17', says: 'CDN: dynamic answers where that is right', as: ['C20', 'T9'] },
  { id: 'K18', says: 'Monitoring: error rate, latency and requests a second, live', as: ['C23'] },
  { id: 'K19', says: 'Monitoring: alerts on thresholds', as: ['C24', 'T12'] },
  { id: 'K20', says: 'Monitoring: logs in one place', as: ['C25'] },
];
