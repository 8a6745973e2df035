import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, parseConfig, serverEnv } from '../src/config.ts';

const schema = z.object(serverEnv);
const SECRET = 'a-secret-of-this-test-only-0123456789abcdef';
const problems = (env: Record<string, string>) => {
  try {
    parseConfig(schema, env);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
};

describe('parseConfig', () => {
  it('fills in what is not set, and takes an empty variable for not set', () => {
    const config = parseConfig(schema, { SESSION_SECRETS: SECRET, PORT: '' });
    expect(config).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', LOG_LEVEL: 'info' });
  });

  it('names every problem at once, each with what the variable is for', () => {
    const lines = problems({ SESSION_SECRETS: `${SECRET},short`, PORT: 'http', DRAIN_MS: '-1' }).split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual(['PORT', 'SESSION_SECRETS', 'DRAIN_MS']);
    expect(lines[0]).toContain('Port to listen on');
  });

  it('splits several secrets, so that they can be rotated', () => {
    expect(parseConfig(schema, { SESSION_SECRETS: `${SECRET},${SECRET}2` }).SESSION_SECRETS).toHaveLength(2);
  });

  it('refuses plain HTTP for any name but this machine', () => {
    expect(problems({ SESSION_SECRETS: SECRET, PUBLIC_URL: 'http://day90.example' })).toContain('must be https');
    expect(problems({ SESSION_SECRETS: SECRET, PUBLIC_URL: 'http://127.0.0.1:3001' })).toBe('');
  });

  it('refuses https without a proxy to believe, since then no cookie would be set', () => {
    const https = { SESSION_SECRETS: SECRET, PUBLIC_URL: 'https://day90.example' };
    expect(problems(https)).toContain('TRUSTED_PROXIES');
    expect(problems({ ...https, TRUSTED_PROXIES: '1' })).toBe('');
  });

  it('refuses the sample secret where strangers come', () => {
    const sample = 'replace-this-sample-secret-with-32-random-bytes';
    expect(problems({ SESSION_SECRETS: sample, PUBLIC_URL: 'https://day90.example' })).toContain('sample value');
    expect(problems({ SESSION_SECRETS: sample, HOST: '0.0.0.0' })).toContain('sample value');
    expect(problems({ SESSION_SECRETS: sample })).toBe('');
  });
});
