import { serve } from '@day90/core';
import { buildApp } from '../../src/app.ts';
import { configSchema } from '../../src/config.ts';

process.once('SIGTERM', () => process.exit(0)); // heard before the one that drains
await serve(configSchema, buildApp);
