import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { DeadMan } from './notices/dead-man.ts';
import { type NoticeFault, noticeFaults } from './notices/faults.ts';
import { forwardToSlack } from './notices/forward-to-slack.ts';
import { type Notice, NoticeBook } from './notices/notice-book.ts';
import { noticesPage } from './notices/notices-page.ts';
import { readSlackMessage } from './notices/slack-message.ts';
import { numberFrom } from './number-from.ts';
import { chooseFault, type Listening, send, servePage } from './sink-page/page-server.ts';

/** What stands in for a Slack channel, and notices when its watch dies. */
export interface NoticesSink {
  port: number;
  notices: readonly Notice[];
  stop(): Promise<void>;
}

interface SinkOptions extends Listening {
  /** 0 for a free one. */
  port: number;
  /** Silence of the watchdog that is a notice of its own, in milliseconds. */
  missingAfterMs: number;
  /** The same before its first sign of life. */
  firstWithinMs: number;
  onNotice?: (notice: Notice) => void;
  /** Gets what the sink itself has to say, too. Alertmanager sends there what it has to say. */
  slackUrl?: string | undefined;
  /** Called when that did not take it. */
  onTrouble?: (line: string) => void;
}

/** Alertmanager's grouped messages have some kilobytes. */
const MESSAGE_BYTES = 256 * 1024;

/**
 * An incoming webhook as Slack has them (`POST /services/…`), with a page that shows what came, and a dead-man
 * switch that `POST /heartbeat` holds open.
 * @throws When the port is taken.
 */
export async function startNoticesSink(options: SinkOptions): Promise<NoticesSink> {
  const { slackUrl, onTrouble = () => {} } = options;
  const book = new NoticeBook(options.onNotice);
  let fault: NoticeFault = 'none';
  const deadMan = new DeadMan({
    ...options,
    say: (said) => {
      book.add(said);
      if (slackUrl !== undefined)
        void forwardToSlack(slackUrl, said).then((trouble) => trouble !== undefined && onTrouble(trouble));
    },
  });
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = req;
    if (method === 'POST' && url.startsWith('/services/')) return take(req, res, book, fault);
    if (method === 'POST' && url === '/heartbeat') return beat(req, res, deadMan);
    if (method === 'POST' && url === '/fault')
      return chooseFault<NoticeFault>(req, res, noticeFaults, (name) => {
        fault = name;
      });
    if (method !== 'GET' && method !== 'HEAD') return send(res, 405, 'text/plain', 'Read with GET; POST /fault.\n');
    if (url === '/') return send(res, 200, 'text/html', noticesPage(book, deadMan, fault));
    if (url === '/notices.json') return send(res, 200, 'application/json', asJson(book, deadMan, fault));
    send(res, 404, 'text/plain', 'There is / and /notices.json.\n');
  };
  const page = await servePage(options.port, answer, options).catch((error: unknown) => {
    deadMan.stop();
    throw error;
  });
  const stop = () => {
    deadMan.stop();
    return page.stop();
  };
  return { port: page.port, notices: book.notices, stop };
}

/** As Slack answers: `ok`, or 400 with one word. */
async function take(req: IncomingMessage, res: ServerResponse, book: NoticeBook, fault: NoticeFault): Promise<void> {
  if (!isSmall(req)) return send(res, 413, 'text/plain', 'too_large\n');
  const said = readSlackMessage(await text(req));
  if (!said) return send(res, 400, 'text/plain', 'invalid_payload\n');
  if (fault !== 'none') book.refused[fault] += 1;
  if (fault === '500') return send(res, 500, 'text/plain', 'fatal_error\n');
  if (fault === 'hang') return;
  book.add(said);
  send(res, 200, 'text/plain', 'ok');
}

async function beat(req: IncomingMessage, res: ServerResponse, deadMan: DeadMan): Promise<void> {
  if (!isSmall(req)) return send(res, 413, 'text/plain', 'too large\n');
  await text(req);
  deadMan.sign();
  send(res, 200, 'text/plain', 'ok');
}

function isSmall({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? Number.NaN) <= MESSAGE_BYTES;
}

function asJson({ notices, received, refused }: NoticeBook, { state, last }: DeadMan, fault: NoticeFault): string {
  return JSON.stringify({ fault, received, refused, watchdog: { state, last }, notices });
}

async function main(): Promise<void> {
  const log = (fields: object) => console.log(JSON.stringify({ level: 30, time: Date.now(), ...fields }));
  const sink = await startNoticesSink({
    port: numberFrom('PORT') ?? 2526,
    missingAfterMs: numberFrom('MISSING_AFTER_MS') ?? 15_000,
    firstWithinMs: numberFrom('FIRST_WITHIN_MS') ?? 120_000,
    slackUrl: process.env.SLACK_WEBHOOK_URL || undefined,
    host: process.env.HOST,
    name: process.env.HOST_NAME,
    onNotice: (notice) => log({ msg: 'notice', ...notice }),
    onTrouble: (line) => log({ level: 50, msg: line }),
  });
  log({ msg: `notices on port ${sink.port}` });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void sink.stop().then(() => process.exit(0)));
  }
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(`notices sink: ${error.message}`);
    process.exit(1);
  });
}
