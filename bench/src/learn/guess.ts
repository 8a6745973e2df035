/** As this project writes large numbers. The comma of `2,5` has to be told from that of `4,200`. */
const WITH_THOUSANDS = /^[1-9]\d{0,2}(?:,\d{3})+$/;

/** A number as people write it: `2.5`, `2,5` or `4,200`. @returns Nothing unless it is one above 0. */
export function guessIn(text: string): number | undefined {
  const written = text.trim();
  const value = Number(WITH_THOUSANDS.test(written) ? written.replaceAll(',', '') : written.replace(',', '.'));
  return value > 0 && Number.isFinite(value) ? value : undefined;
}
