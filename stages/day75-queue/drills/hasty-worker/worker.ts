process.once('SIGTERM', () => process.exit(0)); // heard before the one that drains
await import('../../src/worker.ts');
