import type { MakeSizes, PictureParts } from '@day90/core';
import { Histogram } from 'prom-client';
import type { Metrics } from './metrics.ts';

/** In seconds. A picture of a phone takes some 0.3 on a whole core, and five times that in a fifth of one. */
const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Times how long an app draws at a picture that it was sent. */
export function timedPictures({ images, uploads, redraw }: PictureParts, metrics: Metrics): PictureParts {
  return { images, uploads, redraw: timed(redraw, metrics) };
}

/** Times how long a worker draws at the smaller copies of a picture. */
export function timedSizes(makeSizes: MakeSizes, metrics: Metrics): MakeSizes {
  return timed(makeSizes, metrics);
}

function timed<Picture, Result>(
  work: (picture: Picture) => Promise<Result>,
  { registry }: Metrics,
): (picture: Picture) => Promise<Result> {
  const help = 'Time to draw a picture anew, also of those that could not be drawn.';
  const seconds = new Histogram({ name: 'image_processing_seconds', help, buckets: BUCKETS, registers: [registry] });
  return async (picture) => {
    const end = seconds.startTimer();
    return work(picture).finally(end);
  };
}
