import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { ComposeFile } from '../src/elsewhere/compose-file.ts';
import { composeProblems } from '../src/elsewhere/compose-schema.ts';
import { inNetwork } from '../src/elsewhere/in-network.ts';
import { containerEnv } from '../src/elsewhere/k8s-objects.ts';
import { secretMark } from '../src/elsewhere/network.ts';
import { defineTopology } from '../src/index.ts';

const FOLDER = fileURLToPath(new URL('../compose/', import.meta.url));
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => [name, readFileSync(`${FOLDER}${name}`, 'utf8')] as const);

const box = { role: 'app', run: ['node', 'main.ts'] };
const topology = defineTopology({
  stage: 'stage-9',
  door: 'app',
  boxes: { app: { ...box, port: 3009 }, cache: { ...box, port: { main: 3109, metrics: 3209 } } },
  places: ['la'],
  links: { far: { from: 'app', to: 'cache', port: 3309 } },
});
const app = { name: 'app', of: 'app', box: topology.boxes.app ?? box };
const moved = (texts: Record<string, string>) => inNetwork(texts, app, topology);

describe('an address of this machine, in a network', () => {
  it.each([
    ['redis://127.0.0.1:${port:cache}', 'redis://cache:${port:cache}'],
    ['http://127.0.0.1:${port:cache.metrics}/x', 'http://cache:${port:cache.metrics}/x'],
    ['127.0.0.1:${link:far}', 'cache:${port:cache}'],
    ['${link:far}', '${port:cache}'],
    ['${url:cache}/services', 'http://cache:${port:cache}/services'],
    ['listen 127.0.0.1:${port:app};', 'listen 0.0.0.0:${port:app};'],
    ['-a 127.0.0.1:${port:self}', '-a 0.0.0.0:${port:self}'],
    ['bind 127.0.0.1', 'bind 0.0.0.0'],
  ])('%s becomes %s', (here, there) => {
    expect(moved({ text: here }).text).toBe(there);
  });

  it('is the name of the box whose port stands beside it', () => {
    expect(moved({ UPSTREAM_HOST: '127.0.0.1', UPSTREAM_PORT: '${link:far}' }).UPSTREAM_HOST).toBe('cache');
  });

  it('stays where visitors are told of it', () => {
    expect(moved({ PUBLIC_URL: 'http://127.0.0.1:${port:app}' }).PUBLIC_URL).toBe('http://127.0.0.1:${port:app}');
  });
});

describe('the variables of a pod', () => {
  it('have each secret ahead of what is made of it, and no other reference', () => {
    const [secret, url, price] = containerEnv({ URL: `redis://app:${secretMark('cache')}@cache`, PRICE: '$5' });
    expect(secret).toMatchObject({ name: 'SECRET_CACHE', valueFrom: { secretKeyRef: { key: 'SECRET_CACHE' } } });
    expect(url?.value).toBe('redis://app:$(SECRET_CACHE)@cache');
    expect(price?.value).toBe('$$5');
  });
});

describe('a compose file', () => {
  it('is refused for a key that the specification does not know', () => {
    expect(composeProblems('services: { app: { image: x, comand: [y] } }')).toContain('/services/app');
  });

  it.each(files)(
    '%s lets nothing run as root, or with a capability, or from an image without a digest',
    (_name, text) => {
      const { services } = parse(text) as ComposeFile;
      const others = Object.entries(services).filter(([name]) => !['alloy', 'grafana', 'loki'].includes(name));
      expect(others.filter(([, { user, cap_drop }]) => user !== '1000:1000' || cap_drop?.[0] !== 'ALL')).toEqual([]);
      const images = Object.values(services).filter(
        ({ build, image }) => !build && !/@sha256:[0-9a-f]{64}$/.test(image),
      );
      expect(images).toEqual([]);
    },
  );

  it.each(files)('%s publishes ports on 127.0.0.1 only', (_name, text) => {
    const { services } = parse(text) as ComposeFile;
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(published.length).toBeGreaterThan(0);
  });

  it.each(files)('%s reaches no other box by an address of its own machine', (_name, text) => {
    const { services, configs = {} } = parse(text) as ComposeFile;
    const env = Object.values(services).flatMap(({ environment = {} }) =>
      Object.entries(environment).flatMap(([name, value]) => (name === 'PUBLIC_URL' ? [] : value)),
    );
    const contents = Object.values(configs).map((config) => ('content' in config ? config.content : ''));
    expect([...env, ...contents].filter((value) => value.includes('127.0.0.1'))).toEqual([]);
  });
});
