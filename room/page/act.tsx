import { commandOf } from '../src/commands.ts';
import { expectationOf } from '../src/expectations.ts';
import type { Action, Scene } from '../src/snapshot.ts';

export type OnAct = (action: Action) => void;

interface ActProps {
  does: Action;
  label: string;
  scene: Scene;
  /** How many there are of its kind. */
  replicas: number;
  /** Of the box, where it is one. */
  pid?: number | null;
  port?: number | undefined;
  onAct: OnAct;
}

/** A button, with what is expected of it and the command that does the same. */
export function Act({ does, label, scene, replicas, pid = null, port, onAct }: ActProps) {
  const expected = expectationOf(does, scene, replicas)?.words;
  return (
    <div class="act">
      <button type="button" aria-label={`${label} ${does.box}`} onClick={() => onAct(does)}>
        {label}
      </button>
      {expected && <p>{expected}</p>}
      <code>{commandOf(does, { ...scene, pid, port })}</code>
    </div>
  );
}
