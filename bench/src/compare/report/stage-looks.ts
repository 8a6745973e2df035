const COLORS = ['--quiet', '--before', '--arm-3', '--arm-1', '--after', '--arm-2', '--arm-4'];
/** Told apart without colours, too. */
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin', 'arrow'];

/** The colour of the stage at a place, the same in every chart: a variable of the page's style. */
export function stageColor(place: number): string {
  return `var(${COLORS[place % COLORS.length]})`;
}

export function stageSymbol(place: number): string {
  return SYMBOLS[place % SYMBOLS.length] as string;
}
