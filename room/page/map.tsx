import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { BoxFigures, Moment, Scene, Sent } from '../src/snapshot.ts';
import { Act, type OnAct } from './act.tsx';
import { BoxCard } from './box-card.tsx';
import { linesOf } from './lines.ts';

/** Rows from the visitors down. */
const TIERS: { kinds: string[]; name: string }[] = [
  { kinds: ['place'], name: 'visitors' },
  { kinds: ['edge'], name: 'edges' },
  { kinds: ['proxy'], name: 'proxy' },
  { kinds: ['app'], name: 'app' },
  { kinds: ['store'], name: 'what is kept' },
  { kinds: ['queue', 'work', 'mail'], name: 'what is done later' },
  { kinds: ['watch'], name: 'what watches' },
];

interface MapProps {
  scene: Scene;
  boxes: BoxFigures[];
  past: Moment[];
  sent: Sent | undefined;
  onAct: OnAct;
}

/** The topology, a row for each tier, with a line for each connection. */
export function TopologyMap({ scene, boxes, past, sent, onAct }: MapProps) {
  const root = useRef<HTMLDivElement>(null);
  const stops = [...new Set((sent?.steps ?? []).map(({ box }) => box))];
  return (
    <div class="map" ref={root}>
      <Lines root={root} scene={scene} sent={sent} />
      {TIERS.map(({ kinds, name }) => {
        const marks = scene.marks.filter(({ kind }) => kinds.includes(kind));
        return (
          marks.length > 0 && (
            <section key={name} class="tier" aria-label={name}>
              {marks.map((mark) => (
                <Mark
                  key={mark.name}
                  mark={mark}
                  scene={scene}
                  boxes={boxes.filter((box) => box.mark === mark.name)}
                  {...{ past, stops, onAct }}
                />
              ))}
            </section>
          )
        );
      })}
    </div>
  );
}

type MarkProps = Pick<MapProps, 'scene' | 'boxes' | 'past' | 'onAct'> & {
  mark: Scene['marks'][number];
  stops: string[];
};

function Mark({ mark, scene, boxes, past, stops, onAct }: MarkProps) {
  const { name, kind, program, most } = mark;
  const far = scene.connections.filter(({ from, rttMs }) => from === name && rttMs !== undefined);
  return (
    <div class={`mark ${kind}`} data-mark={name}>
      <h2>
        {name} {program && <small>{program}</small>}
      </h2>
      {far.map(({ to, rttMs }) => (
        <p key={to} class="far">
          {rttMs} ms to {to}
        </p>
      ))}
      <ul>
        {boxes.map((box) => {
          const stop = stops.indexOf(box.name) + 1;
          const cpu = past.map((moment) => moment.cpu[box.name] ?? 0);
          return (
            <BoxCard key={box.name} {...{ box, scene, cpu, onAct }} replicas={boxes.length} stop={stop || undefined} />
          );
        })}
      </ul>
      {['app', 'work'].includes(kind) && most !== undefined && (
        <Size {...{ mark, scene, onAct }} count={boxes.length} />
      )}
    </div>
  );
}

function Size({ mark, scene, count, onAct }: Pick<MarkProps, 'mark' | 'scene' | 'onAct'> & { count: number }) {
  const { name, least = 1, most = 1 } = mark;
  const sizes = [
    { label: 'one less', to: count - 1 },
    { label: 'one more', to: count + 1 },
  ].filter(({ to }) => to >= least && to <= most);
  return (
    <details>
      <summary>
        how many<span class="unseen"> of {name}</span>
      </summary>
      {sizes.map(({ label, to }) => (
        <Act
          key={label}
          does={{ do: 'scale', box: name, count: to }}
          pid={null}
          replicas={count}
          {...{ label, scene, onAct }}
        />
      ))}
      <Act does={{ do: 'roll', box: name }} label="restart each" pid={null} replicas={count} {...{ scene, onAct }} />
    </details>
  );
}

/** Drawn where the browser has put the marks: in a narrow window they stand elsewhere. */
function Lines({
  root,
  scene,
  sent,
}: {
  root: { current: HTMLDivElement | null };
  scene: Scene;
  sent: Sent | undefined;
}) {
  const [lines, setLines] = useState<ReturnType<typeof linesOf>>([]);
  useLayoutEffect(() => {
    const map = root.current;
    if (!map) return;
    const draw = () => setLines(linesOf(map, scene, sent));
    const observer = new ResizeObserver(draw);
    observer.observe(map);
    draw();
    return () => observer.disconnect();
  }, [root, scene, sent]);
  return (
    <svg class="lines" aria-hidden="true">
      {lines.map(({ key, path, isOnWay }) => (
        <path key={key} d={path} class={isOnWay ? 'on-way' : ''} />
      ))}
    </svg>
  );
}
