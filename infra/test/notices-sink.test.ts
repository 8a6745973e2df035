import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type NoticesSink, startNoticesSink } from '../src/notices-sink.ts';
import { eventually } from './fixtures/workspace.ts';

let sink: NoticesSink;

afterEach(() => sink.stop());

async function start(options: Partial<Parameters<typeof startNoticesSink>[0]> = {}): Promise<void> {
  sink = await startNoticesSink({ port: 0, missingAfterMs: 60_000, firstWithinMs: 60_000, ...options });
}

const post = (path: string, body: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${sink.port}${path}`, { method: 'POST', body, redirect: 'manual', ...init });
const read = async (path = '/') => (await fetch(`http://127.0.0.1:${sink.port}${path}`)).text();

/** As Alertmanager sends one. */
const message = (title: string, body = 'app-2 does not answer.', link = 'http://127.0.0.1:9090/graph') =>
  JSON.stringify({
    channel: '#alerts',
    username: 'Alertmanager',
    attachments: [{ title, title_link: link, text: body, fallback: title, color: 'danger', mrkdwn_in: ['text'] }],
  });

describe('the notices sink', () => {
  it('takes what Slack takes, and shows it as a channel does, the newest first', async () => {
    await start();
    expect(await read()).toContain('No notice yet');
    const answer = await post('/services/T/B/x', message('FIRING: TargetDown'));
    expect([answer.status, await answer.text()]).toEqual([200, 'ok']);
    await post('/services/T/B/x', message('RESOLVED: TargetDown'));
    expect(await read()).toMatch(/RESOLVED: TargetDown.*app-2 does not answer.*FIRING: TargetDown/s);
    expect(JSON.parse(await read('/notices.json'))).toMatchObject({
      received: 2,
      notices: [{ number: 1, title: 'FIRING: TargetDown', color: 'danger' }, { number: 2 }],
    });
  });

  it.each(['', 'no JSON', '[]', '{}', '{"attachments":[{}]}'])('refuses %j as Slack does', async (body) => {
    await start();
    const answer = await post('/services/T/B/x', body);
    expect([answer.status, await answer.text()]).toEqual([400, 'invalid_payload\n']);
    expect(sink.notices).toEqual([]);
  });

  it('takes what a notice says for text', async () => {
    await start();
    await post('/services/T/B/x', message('<script>alert(1)</script>', '<img src=x>', 'javascript:alert(1)'));
    expect(await read()).not.toMatch(/<script|<img|javascript:/);
  });

  it('answers 500, or not at all, when it is told to, and keeps neither', async () => {
    await start();
    await post('/fault', 'fault=500');
    expect((await post('/services/T/B/x', message('FIRING: A'))).status).toBe(500);
    await post('/fault', 'fault=hang');
    const hung = post('/services/T/B/x', message('FIRING: A'), { signal: AbortSignal.timeout(200) });
    await expect(hung).rejects.toThrow();
    await post('/fault', 'fault=none');
    await post('/services/T/B/x', message('FIRING: A'));
    expect(JSON.parse(await read('/notices.json'))).toMatchObject({ received: 1, refused: { 500: 1, hang: 1 } });
    const answer = await post('/fault', 'fault=429');
    expect([answer.status, await answer.text()]).toEqual([400, 'fault is one of none, 500, hang.\n']);
  });

  it.each(['/services/T/B/x', '/heartbeat', '/fault'])('refuses a write of another site to %s', async (path) => {
    await start();
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    expect((await post(path, message('FIRING: A'), { headers })).status).toBe(403);
  });
});

describe('the dead-man switch of the notices sink', () => {
  it('says once that signs of life stopped, and that they are back', async () => {
    await start({ missingAfterMs: 300 });
    expect(await read()).toContain('waits for its first sign of life');
    await post('/heartbeat', '{}');
    expect(await read()).toContain('is alive');
    await eventually(() => sink.notices.length > 0, 'the silence is noticed');
    expect(await read()).toContain('is missing');
    await post('/heartbeat', '{}');
    expect(sink.notices.map(({ title }) => title)).toEqual(['MISSING: Watchdog', 'RESOLVED: Watchdog']);
  });

  it('says also that they never began', async () => {
    await start({ firstWithinMs: 100 });
    await eventually(() => sink.notices.length > 0, 'the silence is noticed');
    expect(sink.notices[0]?.text).toContain('docs/runbooks/Watchdog.md');
  });

  it('tells the real channel, too, and outlives one that does not take it', async () => {
    const got: string[] = [];
    const trouble: string[] = [];
    const slack = createServer(async (req, res) => {
      got.push(await text(req));
      res.writeHead(500).end();
    });
    await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
    const slackUrl = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/`;
    await start({ firstWithinMs: 50, slackUrl, onTrouble: (line) => trouble.push(line) });
    await eventually(() => trouble.length > 0, 'the real channel has answered');
    slack.close();
    slack.closeAllConnections();
    expect(JSON.parse(got[0] ?? '')).toMatchObject({ attachments: [{ title: 'MISSING: Watchdog', color: 'danger' }] });
    expect(trouble).toEqual(['SLACK_WEBHOOK_URL answered 500 to "MISSING: Watchdog"']);
    expect((await post('/heartbeat', '{}')).status).toBe(200);
  });
});
