/** How many times what the boxes can answer comes in a rush, and for how long. */
export const OVER = 3;
export const OVER_SECONDS = 20;

/** Of what the boxes can answer: so much still is. */
export const LEAST_SHARE = 0.8;
/** How soon who is refused is told so, at p99, and who is answered has the answer, at least. In milliseconds. */
export const REFUSED_MS = 50;
export const ANSWERED_MS = 100;
/** How soon all is as before, once half of what the boxes can answer comes. */
export const CALM_SECONDS = 5;
