import type { Action, Scene, SceneMark } from '../src/snapshot.ts';
import { Act, type OnAct } from './act.tsx';

interface MarkActionsProps {
  mark: SceneMark;
  scene: Scene;
  /** How many boxes of it there are. */
  count: number;
  onAct: OnAct;
}

/** What can be done to all boxes of a mark together: more or fewer of them, each anew, another one that leads. */
export function MarkActions({ mark, scene, count, onAct }: MarkActionsProps) {
  const choices = choicesOf(mark, count);
  if (choices.length === 0) return null;
  return (
    <details>
      <summary>
        all of them<span class="unseen"> ({mark.name})</span>
      </summary>
      {choices.map(({ label, does }) => (
        <Act key={label} {...{ label, does, scene, onAct }} replicas={count} />
      ))}
    </details>
  );
}

function choicesOf(
  { name: box, least = 1, most = 1, markActions }: SceneMark,
  count: number,
): { label: string; does: Action }[] {
  return markActions.flatMap((what): { label: string; does: Action }[] => {
    switch (what) {
      case 'scale':
        return [
          { label: 'one less', to: count - 1 },
          { label: 'one more', to: count + 1 },
        ].flatMap(({ label, to }) => (to < least || to > most ? [] : { label, does: { do: what, box, count: to } }));
      case 'roll':
        return count > 1 ? [{ label: 'restart each', does: { do: what, box } }] : [];
      default:
        return [{ label: 'fail over', does: { do: what, box } }];
    }
  });
}
