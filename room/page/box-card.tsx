import type { BoxFigures, Scene } from '../src/snapshot.ts';
import { Act, type OnAct } from './act.tsx';
import { Sparkline } from './sparkline.tsx';
import { milliseconds, percent, rate } from './words.ts';

interface BoxProps {
  box: BoxFigures;
  scene: Scene;
  /** How many there are of its kind. */
  replicas: number;
  cpu: number[];
  /** Its place on the way of the request that was sent, from 1. */
  stop: number | undefined;
  onAct: OnAct;
}

/** A process: its state, what it uses, what it is asked, and what can be done to it. */
export function BoxCard({ box, scene, replicas, cpu, stop, onAct }: BoxProps) {
  const { name, state, pid, restarts, isFrozen, budget } = box;
  const isUp = state === 'up' && !isFrozen;
  return (
    <li class={`box${isUp ? '' : ' down'}${stop === undefined ? '' : ' on-way'}`}>
      <h3>
        {name}
        {stop !== undefined && <span class="stop">{stop}</span>}
      </h3>
      <p class="state">
        <b>{isFrozen ? 'frozen' : state}</b>
        {restarts > 0 && `, restarted ${restarts}×`}
      </p>
      <Sparkline values={cpu} {...(budget !== undefined && { most: budget })} />
      <Figures box={box} />
      <details>
        <summary>
          break it<span class="unseen"> ({name})</span>
        </summary>
        {(isFrozen ? (['thaw'] as const) : (['kill', 'freeze'] as const)).map((what) => (
          <Act key={what} does={{ do: what, box: name }} label={what} {...{ scene, replicas, pid, onAct }} />
        ))}
      </details>
    </li>
  );
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
    ...told.map((words) => ['metrics', words]),
  ];
  return (
    <dl>
      {figures.map(([what, value]) => (
        <div key={`${what} ${what === 'metrics' ? value : ''}`}>
          <dt>{what}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
