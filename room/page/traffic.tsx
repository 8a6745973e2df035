import { useState } from 'preact/hooks';
import type { Load, Scene } from '../src/snapshot.ts';

/** Until the generator's ceiling is known. */
const USUAL_CEILING = 5000;
const STEPS = 100;

/** The controls of the traffic: how much, how skewed, and from where. */
export function Traffic({
  scene,
  load,
  onLoad,
}: {
  scene: Scene;
  load: Load | undefined;
  onLoad: (load: Omit<Load, 'ceiling'>) => void;
}) {
  const places = Object.keys(scene.doors);
  const ceiling = load?.ceiling ?? USUAL_CEILING;
  const [wanted, setWanted] = useState({ rate: 0, skew: 1, from: places[0] ?? '' });
  const change = (part: Partial<typeof wanted>) => setWanted({ ...wanted, ...part });
  const send = (part: Partial<typeof wanted>) => {
    change(part);
    onLoad({ ...wanted, ...part });
  };
  return (
    <section class="panel">
      <h2>Traffic</h2>
      <div class="sliders">
        <label>
          requests a second: {wanted.rate}
          <input
            type="range"
            min="0"
            max={STEPS}
            value={stepOf(wanted.rate, ceiling)}
            aria-valuetext={`${wanted.rate} requests a second`}
            onInput={({ currentTarget }) => change({ rate: rateOf(Number(currentTarget.value), ceiling) })}
            onChange={({ currentTarget }) => send({ rate: rateOf(Number(currentTarget.value), ceiling) })}
          />
        </label>
        <label>
          skew: {wanted.skew}
          <input
            type="range"
            min="0"
            max="1.5"
            step="0.1"
            value={wanted.skew}
            onInput={({ currentTarget }) => change({ skew: Number(currentTarget.value) })}
            onChange={({ currentTarget }) => send({ skew: Number(currentTarget.value) })}
          />
        </label>
        {places.length > 1 && (
          <label>
            from{' '}
            <select value={wanted.from} onChange={({ currentTarget }) => send({ from: currentTarget.value })}>
              {places.map((place) => (
                <option key={place}>{place}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <p class="far">
        Reads of posts, each sent when it is due, whatever became of those before.{' '}
        {load === undefined
          ? 'The first change measures how much the generator can send here, which takes some seconds.'
          : `The generator can send ${load.ceiling} a second here; it shares this machine with the boxes.`}
      </p>
    </section>
  );
}

/** A slider from nothing over one a second to the ceiling, with as much room for 10 as for 1,000. */
function rateOf(step: number, ceiling: number): number {
  return step === 0 ? 0 : Math.round(ceiling ** (step / STEPS));
}

function stepOf(rate: number, ceiling: number): number {
  return rate === 0 ? 0 : Math.round((Math.log(rate) / Math.log(ceiling)) * STEPS);
}
