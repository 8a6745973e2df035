import { OFFERED_MAIL_FAULTS } from '../src/mail-faults.ts';
import type { Action, BoxFigures, Scene } from '../src/snapshot.ts';
import { Act, type OnAct } from './act.tsx';
import { Sparkline } from './sparkline.tsx';
import { milliseconds, percent, rate } from './words.ts';

/** Of a box without a budget, less than this share of a core is drawn as little. */
const LEAST_CPU = 0.05;
const MAIL_LABELS: Record<(typeof OFFERED_MAIL_FAULTS)[number], string> = {
  refuse: 'refuse connections',
  hang: 'say nothing',
  451: 'answer 451',
  none: 'take every mail',
};

interface BoxProps {
  box: BoxFigures;
  scene: Scene;
  /** What can be done to boxes of its kind. */
  actions: Action['do'][];
  /** How many there are of its kind. */
  replicas: number;
  cpu: number[];
  /** Its place on the way of the request that was sent, from 1. */
  stop: number | undefined;
  onAct: OnAct;
}

/** A process: its state, what it uses, what it is asked, and what can be done to it. */
export function BoxCard({ box, scene, actions, replicas, cpu, stop, onAct }: BoxProps) {
  const { name, state, pid, restarts, wrong, budget, port } = box;
  const isUp = state === 'up' && wrong === undefined;
  return (
    <li class={`box${isUp ? '' : ' down'}${stop === undefined ? '' : ' on-way'}`}>
      <h3>
        {name}
        {stop !== undefined && <span class="stop">{stop}</span>}
      </h3>
      <p class="state">
        <b>{wrong ?? state}</b>
        {restarts > 0 && `, restarted ${restarts}×`}
      </p>
      <Sparkline values={cpu} most={budget ?? LEAST_CPU} />
      <Figures box={box} />
      <details>
        <summary>
          break it<span class="unseen"> ({name})</span>
        </summary>
        {choicesOf(box, actions).map(({ label, does }) => (
          <Act key={label} {...{ does, label, scene, replicas, pid, port, onAct }} />
        ))}
      </details>
    </li>
  );
}

/** What can be done to a box now: what is frozen has to be thawed before anything else is seen of it. */
function choicesOf({ name: box, wrong }: BoxFigures, actions: Action['do'][]): { label: string; does: Action }[] {
  const one = (what: Action['do'], label: string = what) => ({ label, does: { do: what, box } });
  if (wrong === 'frozen') return [one('thaw'), one('kill')];
  return actions.flatMap((what) => {
    if (what === 'mail')
      return OFFERED_MAIL_FAULTS.map((fault) => ({ label: MAIL_LABELS[fault], does: { do: what, box, fault } }));
    if (what === 'pause') return wrong === 'paused' ? one('resume', 'resume replay') : one('pause', 'pause replay');
    return one(what);
  });
}

function Figures({ box: { cpu, budget, throttled, memoryBytes, traffic, told = [] } }: { box: BoxFigures }) {
  const figures = [
    ...(cpu === undefined ? [] : [['CPU', `${percent(cpu)}${budget === undefined ? '' : ` of ${percent(budget)}`}`]]),
    ...(throttled !== undefined && throttled > 0 ? [['throttled', percent(throttled)]] : []),
    ...(memoryBytes === undefined ? [] : [['memory', `${Math.round(memoryBytes / 1e6)} MB`]]),
    ...(traffic === undefined
      ? []
      : [
          ['requests/s', rate(traffic.perSecond)],
          ['p95', milliseconds(traffic.p95)],
          ...(traffic.errors > 0 ? [['errors', percent(traffic.errors)]] : []),
          ...(traffic.hits === undefined ? [] : [['hits', percent(traffic.hits)]]),
        ]),
    ...told.map((words) => ['says', words]),
  ];
  return (
    <dl>
      {figures.map(([what, value]) => (
        <div key={`${what} ${what === 'says' ? value : ''}`}>
          <dt>{what}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
