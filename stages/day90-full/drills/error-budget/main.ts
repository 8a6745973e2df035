import { serve } from '@day90/core';
import { configSchema } from '../../src/config.ts';
import { buildApp } from './app.ts';

await serve(configSchema, buildApp);
