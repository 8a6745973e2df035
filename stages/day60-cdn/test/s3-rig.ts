import { fileURLToPath } from 'node:url';
import { defineTopology, type Instance, launch, s3Box } from '@day90/infra';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll } from '@jest/globals';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const topology = defineTopology({
  stage: 'stage-5',
  variant: 's3',
  door: 's3',
  boxes: { s3: s3Box('pictures', 15_021) },
  hello: ['http://day90:${secret:s3}@127.0.0.1:${port:s3}/pictures'],
});

/** The S3 server of the stage, for all tests of a file. */
export class TestS3 {
  #instance: Instance | undefined;

  /** @param name - Told apart from those of other files. */
  static ofThisFile(name: string): TestS3 {
    const s3 = new TestS3();
    beforeAll(async () => {
      s3.#instance = await launch(topology, {
        ...{ folder: FOLDER, instance: `test-stage-5-${name}-${process.pid}` },
        ...{ ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
      });
    }, 400_000); // built first, where it is not there
    afterAll(() => s3.#instance?.stop(), 180_000);
    return s3;
  }

  /** The bucket, with key and secret. */
  get url(): string {
    return this.#up.hello[0] ?? '';
  }

  /** Where its objects lie, as files of the same name. */
  get folder(): string {
    return `${this.#up.folders.data}/s3/pictures`;
  }

  freeze(): void {
    this.#up.signal('s3', 'SIGSTOP');
  }

  thaw(): void {
    this.#up.signal('s3', 'SIGCONT');
  }

  /** Kills it; it stays down. */
  async kill(): Promise<void> {
    this.#up.hold('s3');
    await this.#up.kill('s3');
  }

  /** Starts it again after {@link kill}, with what it held. */
  async start(): Promise<void> {
    this.#up.release('s3');
    await eventually(
      () =>
        fetch(`${new URL(this.url).origin}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
      Boolean,
      10_000,
    );
  }

  get #up(): Instance {
    if (!this.#instance) throw new Error('The S3 server did not start.');
    return this.#instance;
  }
}
