import type { Rig } from './drill.ts';

/**
 * Looks at something beside a drill's load, again and again until it is told to end.
 * @param ms - Between two looks, in milliseconds.
 * @returns What ends it: resolves once the last look is over, and rejects with what a look has thrown.
 */
export function lookAgain(rig: Rig, ms: number, look: () => Promise<void>): () => Promise<void> {
  let ended = false;
  async function goOn(): Promise<void> {
    while (!ended) {
      await look();
      await rig.sleep(ms);
    }
  }
  const looking = goOn();
  looking.catch(() => undefined); // it ends with the drill: who waits for the end hears of it
  return () => {
    ended = true;
    return looking;
  };
}
