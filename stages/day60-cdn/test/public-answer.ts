import type { RequestListener } from 'node:http';

/** Answers as the app does for what is public: so many seconds fresh, with these tags. */
export function publicAnswer(
  text: string,
  {
    seconds = 60,
    revalidate = 30,
    tags = '',
    etag,
  }: { seconds?: number; revalidate?: number; tags?: string; etag?: string } = {},
): RequestListener {
  return (_req, res) => {
    const lives = `s-maxage=${seconds}, stale-while-revalidate=${revalidate}, stale-if-error=86400`;
    res.setHeader('Cache-Control', `public, max-age=0, ${lives}`);
    res.setHeader('Server-Timing', 'db;dur=1.5;desc="1 query", app;dur=2.5');
    res.setHeader('X-Served-By', 'app-1');
    res.setHeader('X-Request-Id', 'of-the-origin');
    if (tags) res.setHeader('xkey', tags);
    if (etag) res.setHeader('ETag', etag);
    res.end(text);
  };
}
