import { closedLoop, type MeasureContext, type Measurement, measuredValue } from '@day90/bench';
import type { Instance } from '@day90/infra';
import { newPost, READ, WRITES_IN } from './requests.ts';

const READS = 3_000;
const WRITES = 1_500;
const CONNECTIONS = 16;
const REPLICAS = 2;

/** What one request takes of a database, in microseconds of its CPU time. */
interface Demands {
  read: number;
  /** Of the primary. */
  write: number;
  /** Of each replica, which does it once more. */
  replay: number;
}

/**
 * Asks a cluster without budgets for reads alone and for writes alone.
 * @param single - One database, so that it is known who was read.
 */
export async function demandsOf(
  single: Instance,
  several: Instance,
  cookies: string[],
  context: MeasureContext,
): Promise<Demands> {
  const micros = (instance: Instance, box: string) => instance.usage(box).cpuMicros;
  const before = [micros(single, 'db-1'), micros(several, 'db-1'), micros(several, 'db-2')] as const;
  await closedLoop({
    ...{ url: single.url, connections: CONNECTIONS, requests: READS, signal: context.signal },
    nextPath: () => READ,
  });
  const afterReads = micros(single, 'db-1');
  await write(several.url, cookies, context.signal);
  return {
    read: (afterReads - before[0]) / READS,
    write: (micros(several, 'db-1') - before[1]) / WRITES,
    replay: (micros(several, 'db-2') - before[2]) / WRITES,
  };
}

/** The arithmetic beside the measurement: only reading is shared out, every database writes all that is written. */
export function arithmetic({ read, write, replay }: Demands): NonNullable<Measurement['values']> {
  const writes = 1 / WRITES_IN;
  const alone = (1 - writes) * read + writes * write;
  const three = (3 * alone) / (alone + REPLICAS * writes * replay);
  return [
    measuredValue('CPU of a database for a read', 'µs', read),
    measuredValue('CPU of the primary for a write', 'µs', write),
    measuredValue('CPU of a replica for a write', 'µs', replay),
    measuredValue('by these, the most that three databases carry', '×', three),
    measuredValue(
      'by these, the most that any number of them carries',
      '×',
      alone / (writes * Math.max(write, replay)),
    ),
  ];
}

async function write(url: string, cookies: string[], signal: AbortSignal): Promise<void> {
  let sent = 0;
  const writer = async (cookie: string) => {
    while (sent < WRITES) {
      const { path, headers, body } = newPost(sent++, cookie);
      const answer = await fetch(url + path, {
        ...{ method: 'POST', signal, body: JSON.stringify(body) },
        headers: { ...headers, 'Content-Type': 'application/json' },
      });
      await answer.text();
      if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status}`);
    }
  };
  await Promise.all(cookies.map(writer));
}
