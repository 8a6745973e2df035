import type { Scene } from '../src/snapshot.ts';

interface PlaceChoiceProps {
  label: string;
  scene: Scene;
  from: string;
  onChoice: (from: string) => void;
}

/** Where visitors are; nothing where there is one place alone. */
export function PlaceChoice({ label, scene, from, onChoice }: PlaceChoiceProps) {
  const places = Object.keys(scene.doors);
  if (places.length < 2) return null;
  return (
    <label>
      {label}{' '}
      <select value={from} onChange={({ currentTarget }) => onChoice(currentTarget.value)}>
        {places.map((place) => (
          <option key={place}>{place}</option>
        ))}
      </select>
    </label>
  );
}
