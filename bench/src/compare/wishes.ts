/** The parts of a run. */
export const parts = ['ladder', 'sweep'] as const;
export type Part = (typeof parts)[number];

/** How the outcome is printed. */
export type Output = 'text' | 'json' | 'markdown';
