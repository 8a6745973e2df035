import { useState } from 'preact/hooks';
import type { Sent } from '../src/sent.ts';
import type { Scene } from '../src/snapshot.ts';
import { PlaceChoice } from './place-choice.tsx';
import { milliseconds } from './words.ts';

interface SendOneProps {
  scene: Scene;
  sent: Sent | undefined;
  onSend: (from: string) => void;
}

/** Sends one request, and tells its way. */
export function SendOne({ scene, sent, onSend }: SendOneProps) {
  const [from, setFrom] = useState(Object.keys(scene.doors)[0] ?? '');
  return (
    <section class="panel">
      <h2>Send one</h2>
      <p class="row">
        <button type="button" onClick={() => onSend(from)}>
          send one request
        </button>
        <PlaceChoice label="from" {...{ scene, from }} onChoice={setFrom} />
      </p>
      <p class="far">
        Its way lights up on the map. The same in a terminal: <code>{commandFor(scene, from)}</code>
      </p>
      {sent && <Way sent={sent} />}
    </section>
  );
}

function commandFor({ doors }: Scene, from: string): string {
  return `curl -i ${doors[from]}/posts/1`;
}

function Way({ sent: { path, status, ms, steps, command } }: { sent: Sent }) {
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
      {steps.length === 0 && <p>No box has written of it yet.</p>}
      <code class="small">{command}</code>
    </>
  );
}
