import { BadInput, type Scale, scales } from '@day90/infra';

/**
 * The scale that the variable SCALE asks for; an empty one is not set.
 * @throws {BadInput} Naming the scales there are.
 */
export function scaleOf(text: string | undefined): Scale | undefined {
  const scale = scales.find((known) => known === text);
  if (text && !scale) throw new BadInput(`SCALE=${text}: must be one of ${scales.join(', ')}`);
  return scale;
}
