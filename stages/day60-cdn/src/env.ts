import { z } from 'zod';

/** The variables of the edges. */
export const edgeEnv = {
  EDGE_URLS: z
    .string()
    .default('')
    .transform((list) => list.split(',').filter((url) => url !== ''))
    .pipe(z.array(z.url({ protocol: /^http$/ })))
    .describe('Edges to tell what is over, comma-separated; the one that the others ask first'),
  EDGE_PURGE_KEY: z.string().min(32).describe('What edges know the app by'),
  EDGE_MOST_SECONDS: z.coerce
    .number()
    .int()
    .positive()
    .default(365 * 24 * 3600)
    .describe('Longest time that an edge may show an answer without asking, where that is less than its route has'),
};

/** The variables of pictures. */
export const imagesEnv = {
  IMAGES_URL: z
    .url({ protocol: /^(file|https?)$/ })
    .default('file:///var/lib/day90/images')
    .describe(
      'Where pictures are kept: a folder (file:), or a bucket, http(s)://<access key>:<secret>@<host>/<bucket>',
    ),
};
