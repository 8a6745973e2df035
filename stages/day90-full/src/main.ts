import { serve } from '@day90/core';
import { buildApp } from './app.ts';
import { configSchema } from './config.ts';

await serve(configSchema, buildApp);
