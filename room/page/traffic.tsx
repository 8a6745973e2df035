import { useState } from 'preact/hooks';
import type { Load, Scene, WantedLoad } from '../src/snapshot.ts';
import { PlaceChoice } from './place-choice.tsx';

/** Until the generator's ceiling is known. */
const USUAL_CEILING = 5000;
const STEPS = 100;

interface TrafficProps {
  scene: Scene;
  load: Load | undefined;
  onLoad: (load: WantedLoad) => void;
}

/** The controls of the traffic: how much, how much of it writes, how skewed, and from where. */
export function Traffic({ scene, load, onLoad }: TrafficProps) {
  const ceiling = load?.ceiling ?? USUAL_CEILING;
  const [wanted, setWanted] = useState<WantedLoad>({
    rate: 0,
    writes: 0,
    skew: 1,
    from: Object.keys(scene.doors)[0] ?? '',
  });
  const change = (part: Partial<WantedLoad>) => setWanted({ ...wanted, ...part });
  const send = (part: Partial<WantedLoad>) => {
    change(part);
    onLoad({ ...wanted, ...part });
  };
  const slider = { onMove: change, onChosen: send };
  return (
    <section class="panel">
      <h2>Traffic</h2>
      <div class="sliders">
        <Slider
          {...{ label: 'requests a second', says: `${wanted.rate}`, most: STEPS, step: 1, ...slider }}
          value={stepOf(wanted.rate, ceiling)}
          of={(step) => ({ rate: rateOf(step, ceiling) })}
        />
        <Slider
          {...{ label: 'of which write', says: `${Math.round(wanted.writes * 100)} %`, most: 50, step: 1, ...slider }}
          value={Math.round(wanted.writes * 100)}
          of={(value) => ({ writes: value / 100 })}
        />
        <Slider
          {...{ label: 'skew', says: `${wanted.skew}`, most: 1.5, step: 0.1, ...slider }}
          value={wanted.skew}
          of={(skew) => ({ skew })}
        />
        <PlaceChoice label="from" {...{ scene, from: wanted.from }} onChoice={(from) => send({ from })} />
        <button type="button" onClick={() => send({ rate: 0 })}>
          stop
        </button>
      </div>
      <p class="far">{told(load)}</p>
      {load && <code class="small">{load.command}</code>}
    </section>
  );
}

function told(load: Load | undefined): string {
  const how =
    'Posts are read, and written by a demo member, each request when it is due, whatever became of those before. What is written stays until a reset.';
  return load === undefined
    ? `${how} The first change measures how much the generator can send here, which takes some seconds.`
    : `${how} Now: ${load.rate} a second from ${load.from}. The generator can send ${load.ceiling} a second here; it shares this machine with the boxes.`;
}

interface SliderProps {
  label: string;
  says: string;
  value: number;
  most: number;
  step: number;
  of: (value: number) => Partial<WantedLoad>;
  onMove: (part: Partial<WantedLoad>) => void;
  onChosen: (part: Partial<WantedLoad>) => void;
}

function Slider({ label, says, value, most, step, of, onMove, onChosen }: SliderProps) {
  return (
    <label>
      {label}: {says}
      <input
        type="range"
        {...{ min: 0, max: most, step, value, 'aria-valuetext': says }}
        onInput={({ currentTarget }) => onMove(of(Number(currentTarget.value)))}
        onChange={({ currentTarget }) => onChosen(of(Number(currentTarget.value)))}
      />
    </label>
  );
}

/** A slider from nothing over one a second to the ceiling, with as much room for 10 as for 1,000. */
function rateOf(step: number, ceiling: number): number {
  return step === 0 ? 0 : Math.round(ceiling ** (step / STEPS));
}

function stepOf(rate: number, ceiling: number): number {
  return rate === 0 ? 0 : Math.round((Math.log(rate) / Math.log(ceiling)) * STEPS);
}
