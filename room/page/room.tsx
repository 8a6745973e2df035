import { useState } from 'preact/hooks';
import type { Action, Load, Moment, Sent, Snapshot, Trial } from '../src/snapshot.ts';
import { act, load, sendOne, useKnown } from './connection.ts';
import { TopologyMap } from './map.tsx';
import { Sparkline } from './sparkline.tsx';
import { Traffic } from './traffic.tsx';
import { milliseconds, percent, rate } from './words.ts';

/** The page. */
export function Room() {
  const { scene, now, past, trouble, isLost } = useKnown();
  const [said, setSaid] = useState('');
  const [sent, setSent] = useState<Sent>();
  const lost = isLost ? 'The room does not answer: has its stage ended?' : undefined;
  if (!scene || !now) return <p>{lost ?? trouble ?? 'Looking …'}</p>;
  const say = (error: Error) => setSaid(error.message);
  const sayCommand = (command: string) => setSaid(`the same in a terminal: ${command}`);
  const onAct = (action: Action) => act(action).then(sayCommand, say);
  const onLoad = (wanted: Omit<Load, 'ceiling'>) => load(wanted).then(sayCommand, say);
  const onSend = () => sendOne().then(setSent, say);
  return (
    <>
      <header>
        <h1>{scene.instance}</h1>
        <p>
          <a href={scene.url} target="_blank" rel="noreferrer">
            {scene.url}
          </a>
          {scene.lacksBudgets && ' · no CPU budgets on this system'}
        </p>
      </header>
      <p role="status" class="said">
        {lost ?? said}
        {trouble && ` · ${trouble}`}
      </p>
      <Traffic scene={scene} load={now.load} onLoad={onLoad} />
      <Visitors now={now} past={past} />
      {now.trial && <TrialReport trial={now.trial} />}
      <Alerts alerts={now.alerts} />
      <section class="panel">
        <h2>Send one</h2>
        <p>
          <button type="button" onClick={onSend}>
            send one request
          </button>{' '}
          Its way lights up, as <code>npx -y pnpm logs --request {sent?.id ?? '<id>'}</code> tells it.
        </p>
        {sent && <Way sent={sent} />}
      </section>
      <TopologyMap {...{ scene, past, sent, onAct }} boxes={now.boxes} />
    </>
  );
}

function Visitors({ now: { visitors }, past }: { now: Snapshot; past: Moment[] }) {
  const figures: [string, string, (moment: Moment) => number][] = [
    ['requests/s', rate(visitors.perSecond), ({ perSecond }) => perSecond],
    ['p95', `${milliseconds(visitors.p95)}, half within ${milliseconds(visitors.p50)}`, ({ p95 }) => p95],
    ['errors', percent(visitors.errors), ({ errors }) => errors],
  ];
  return (
    <section class="panel visitors" aria-label="What visitors get">
      {figures.map(([what, value, of]) => (
        <div key={what}>
          <h2>{what}</h2>
          <p class="figure">{value}</p>
          <Sparkline values={past.map(of)} />
        </div>
      ))}
    </section>
  );
}

function TrialReport({ trial }: { trial: Trial }) {
  const { what, expected, seconds, isOver, backAfter, requests, failed, verdict } = trial;
  return (
    <section class="panel trial" aria-live="polite">
      <h2>{what}</h2>
      <p>
        <b>Expected:</b> {expected}
      </p>
      <p>
        <b>Measured{isOver ? '' : ' so far'}:</b> {failed} of {requests} reads failed in {seconds.toFixed(0)} s, of a
        visitor with ten a second
        {backAfter === undefined ? '' : `; over after ${backAfter.toFixed(1)} s`}. <b>{verdict}</b>
      </p>
    </section>
  );
}

function Alerts({ alerts }: Pick<Snapshot, 'alerts'>) {
  if (alerts.length === 0) return null;
  return (
    <section class="panel alerts">
      <h2>Alerts</h2>
      <ul>
        {alerts.map(({ name, state, summary }) => (
          <li key={`${name} ${summary}`}>
            <b>{name}</b> ({state}): {summary}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Way({ sent: { path, status, ms, steps } }: { sent: Sent }) {
  return (
    <>
      <p>
        GET {path}: {status} after {milliseconds(ms)}
      </p>
      <ol class="way">
        {steps.map(({ box, text, afterMs, ms: took }) => (
          <li key={`${box} ${afterMs} ${text}`}>
            + {milliseconds(afterMs)} <b>{box}</b> {text} {took !== undefined && milliseconds(took)}
          </li>
        ))}
      </ol>
    </>
  );
}
