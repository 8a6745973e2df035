import type { Logger } from '@day90/core';
import { z } from 'zod';
import { nginxTarget } from './nginx-target.ts';
import { postgresTarget } from './postgres-target.ts';
import { redisTarget } from './redis-target.ts';
import type { Target } from './target.ts';
import { varnishTarget } from './varnish-target.ts';

/** How each kind is opened, by the protocol of its URL. */
const KINDS = new Map<string, (url: URL, logger: Logger) => Target>([
  ['postgres:', (url) => postgresTarget(url)],
  ['redis:', redisTarget],
  ['http:', (url) => nginxTarget(url)],
  ['varnish:', (url) => varnishTarget(url)],
]);

/** `db-1=postgres://…,cache=redis://…,nginx=http://…/stub_status,edge=varnish:/its/folder` */
export const targetList = z.string().transform((list, context) => {
  const targets = new Map<string, URL>();
  for (const one of list.split(',')) {
    const [, name, text] = /^([\w-]+)=(.*)$/.exec(one.trim()) ?? [];
    const url = text === undefined ? null : URL.parse(text);
    // Never the URL itself: there is a password in it.
    if (!name || !url || !KINDS.has(url.protocol))
      context.addIssue(`target ${name ?? 'without a name'}: name=url, and a url of ${[...KINDS.keys()].join(' ')}`);
    else targets.set(name, url);
  }
  return targets;
});

/** Opens a target; whether it is up is found out by each look. */
export function openTarget(url: URL, logger: Logger): Target {
  return (KINDS.get(url.protocol) as (url: URL, logger: Logger) => Target)(url, logger);
}
