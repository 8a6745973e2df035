import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Sent } from '../src/sent.ts';
import type { BoxFigures, Moment, Scene, SceneMark } from '../src/snapshot.ts';
import type { OnAct } from './act.tsx';
import { BoxCard } from './box-card.tsx';
import { linesOf } from './lines.ts';
import { MarkActions } from './mark-actions.tsx';

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
  mark: SceneMark;
  stops: string[];
};

function Mark({ mark, scene, boxes, past, stops, onAct }: MarkProps) {
  const { name, kind, program, boxActions } = mark;
  const far = scene.connections.filter(({ from, rttMs }) => from === name && rttMs !== undefined);
  const stopOf = (box: string) => stops.indexOf(box) + 1 || undefined;
  const own = boxes.some((box) => box.name === name) ? undefined : stopOf(name);
  return (
    <div class={`mark ${kind}${own === undefined ? '' : ' on-way'}`} data-mark={name}>
      <h2>
        {name} {program && <small>{program}</small>}
        {own !== undefined && <span class="stop">{own}</span>}
      </h2>
      {far.map(({ to, rttMs }) => (
        <p key={to} class="far">
          {rttMs} ms to {to}
        </p>
      ))}
      <ul>
        {boxes.map((box) => {
          const cpu = past.map((moment) => moment.cpu[box.name] ?? 0);
          const of = { box, scene, cpu, onAct, actions: boxActions, replicas: boxes.length, stop: stopOf(box.name) };
          return <BoxCard key={box.name} {...of} />;
        })}
      </ul>
      <MarkActions {...{ mark, scene, onAct }} count={boxes.length} />
    </div>
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
