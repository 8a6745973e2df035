import { randomUUID } from 'node:crypto';
import { type Request, type RequestHandler, Router } from 'express';
import type { ServerConfig } from '../config.ts';
import { transaction } from '../context.ts';
import type { ImageName } from '../domain.ts';
import { DomainError, NotFoundError } from '../errors.ts';
import { Json } from '../json.ts';
import type { Images, RateLimit, Redraw, Uploads } from '../ports.ts';
import { imageName } from '../schemas.ts';
import { hangUpOnTheRest, imageBody } from './image-body.ts';
import { atOnce, takeTurn } from './limits.ts';
import { ONE_SPELLING, sendJson } from './messages.ts';
import { memberOf } from './session.ts';

/** What is needed to take pictures and to show them. */
export interface PictureParts {
  images: Images;
  uploads: Uploads;
  redraw: Redraw;
}

interface ImageParts extends PictureParts {
  rateLimit: RateLimit;
  config: ServerConfig;
  member: RequestHandler[];
}

/** Bodies in memory at once, 5 MB each. */
const MOST_AT_ONCE = 4;
/** What a member may keep: some hundred pictures. */
const QUOTA_BYTES = 100 * 1024 * 1024;
/**
 * Of every picture. A browser that were brought to take it for a page would run nothing in it, since it was drawn here and
 * is called a picture here; these say so a second and a third time.
 */
const HEADERS = {
  'Content-Type': 'image/webp',
  'Cache-Control': 'public, max-age=31536000, immutable', // a year; a name is never given to another picture
  'Content-Disposition': 'inline',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
};

/** `/images`: taking pictures, and showing them. */
export function imageRoutes({ images, uploads, redraw, rateLimit, config, member }: ImageParts): Router {
  const router = Router(ONE_SPELLING);
  const turns = { turns: config.UPLOAD_TURNS_PER_HOUR, seconds: 3600 };
  const mayUpload: RequestHandler = async (req, _res, next) => {
    await takeTurn(rateLimit, `upload:${memberOf(req)}`, turns);
    if ((await uploads.bytesOf(memberOf(req))) >= QUOTA_BYTES) {
      throw new DomainError('forbidden', 'Your pictures take up all the room that a member has.');
    }
    next();
  };

  // All that can be refused without the body is refused before it is read.
  const before = [hangUpOnTheRest, ...member, mayUpload, atOnce(MOST_AT_ONCE), imageBody];
  router.post('/images', ...before, async (req, res) => {
    const { bytes, width, height } = await redraw(req.body);
    const name = `${randomUUID()}.webp`;
    await uploads.begin(name); // or nobody would ever know of the picture of a process that is killed behind the next line
    await images.put(name, bytes); // before its row, which would be a broken promise without it
    await transaction(() => uploads.add({ name, owner: memberOf(req), width, height, bytes: bytes.length }));
    const path = `/images/${name}`;
    res.status(201).location(path);
    // Never by the Host header of the request, which is the sender's to choose.
    sendJson(req, res, Json.of({ url: new URL(path, config.PUBLIC_URL).href, width, height }));
  });

  router.get('/images/:name', async (req, res) => {
    const name = pathName(req);
    const bytes = await images.get(name);
    if (!bytes) throw new NotFoundError('picture', name);
    res.set({ ...HEADERS, 'Content-Length': String(bytes.length) }).end(bytes);
  });

  return router;
}

/** The name in a path. @throws {NotFoundError} When the app gives no such names: then no store is asked. */
function pathName(req: Request): ImageName {
  const name = req.params.name as string;
  if (!imageName.safeParse(name).success) throw new NotFoundError('picture', name.slice(0, 40));
  return name;
}
