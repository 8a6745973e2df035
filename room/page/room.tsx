import { useState } from 'preact/hooks';
import type { Sent } from '../src/sent.ts';
import type { Action, Moment, Snapshot, Trial, WantedLoad } from '../src/snapshot.ts';
import { Alerts } from './alerts.tsx';
import { act, load, type Said, sendOne, useKnown } from './connection.ts';
import { TopologyMap } from './map.tsx';
import { SendOne } from './send-one.tsx';
import { Sparkline } from './sparkline.tsx';
import { Traffic } from './traffic.tsx';
import { milliseconds, percent, rate } from './words.ts';

/** The page. */
export function Room() {
  const { scene, now, past, trouble, isLost } = useKnown();
  const [said, setSaid] = useState<Said>({ words: '', at: 0 });
  const [sent, setSent] = useState<Sent>();
  const lost = isLost ? 'The room does not answer: has its stage ended?' : undefined;
  if (!scene || !now) return <p>{lost ?? trouble?.words ?? 'Looking …'}</p>;
  const say = (words: string) => setSaid({ words, at: Date.now() });
  const sayError = (error: Error) => say(error.message);
  const sayCommand = (command: string) => say(`the same in a terminal: ${command}`);
  const onAct = (action: Action) => act(action).then(sayCommand, sayError);
  const onLoad = (wanted: WantedLoad) => load(wanted).then(sayCommand, sayError);
  const onSend = (from: string) => sendOne(from).then(setSent, sayError);
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
        {lost ?? (trouble && trouble.at > said.at ? trouble.words : said.words)}
      </p>
      <Traffic scene={scene} load={now.load} onLoad={onLoad} />
      <Visitors now={now} past={past} />
      {now.trial && <TrialReport trial={now.trial} />}
      <Alerts alerts={now.alerts} {...(now.channel && { channel: now.channel })} />
      <SendOne {...{ scene, sent, onSend }} />
      <TopologyMap {...{ scene, past, sent, onAct }} boxes={now.boxes} />
    </>
  );
}

function Visitors({ now: { visitors, seenAt }, past }: { now: Snapshot; past: Moment[] }) {
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
      <p class="far">
        {seenAt.length === 0 ? 'No box has written of a request yet.' : `As seen at ${seenAt.join(', ')}.`} Figures are
        of the last five seconds, lines of the last ten minutes.
      </p>
    </section>
  );
}

function TrialReport({ trial }: { trial: Trial }) {
  const { what, expected, seconds, isOver, backAfter, requests, failed, verdict } = trial;
  return (
    <section class="panel trial">
      <h2>{what}</h2>
      <p>
        <b>Expected:</b> {expected}
      </p>
      <p>
        <b>Measured{isOver ? '' : ' so far'}:</b> {failed} of {requests} reads failed in {seconds.toFixed(0)} s, of a
        visitor with ten a second
        {backAfter === undefined ? '' : `; all as before after ${backAfter.toFixed(1)} s`}.{' '}
        <b aria-live="polite">{verdict}</b>
      </p>
    </section>
  );
}
