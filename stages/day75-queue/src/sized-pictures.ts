import type { Jobs, PictureParts } from '@day90/core';

/** Has smaller copies made of each picture that is noted, in the background: who sends one waits for the picture itself alone. */
export function sizedPictures({ images, redraw, uploads }: PictureParts, jobs: Jobs): PictureParts {
  return {
    images,
    redraw,
    uploads: {
      bytesOf: (owner) => uploads.bytesOf(owner),
      begin: (name) => uploads.begin(name),
      async add(upload) {
        await uploads.add(upload);
        await jobs.enqueue({ name: 'picture-sizes', picture: upload.name });
      },
    },
  };
}
