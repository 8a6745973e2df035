import { z } from 'zod';

/** The variables of pictures. */
export const imagesEnv = {
  IMAGES_URL: z
    .url({ protocol: /^(file|https?)$/ })
    .default('file:///var/lib/day90/images')
    .describe(
      'Where pictures are kept: a folder (file:), or a bucket, http(s)://<access key>:<secret>@<host>/<bucket>',
    ),
};
