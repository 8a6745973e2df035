export * from './result.ts';
export * from './statistics.ts';
