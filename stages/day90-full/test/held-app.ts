import { createServer, type ServerResponse } from 'node:http';

/** Stands in for an app box: holds `/held/…` until `/release`, counts them at `/count`, breaks off at `/break`, and tells what headers it got. */
const held: ServerResponse[] = [];
const { BOX = '', PORT } = process.env;

createServer((req, res) => {
  res.setHeader('X-Served-By', BOX);
  if (req.url === '/break') return void req.socket.destroy();
  if (req.url?.startsWith('/held/')) return void held.push(res);
  if (req.url === '/count') return void res.end(String(held.length));
  if (req.url === '/release') for (const one of held.splice(0)) one.end('at last');
  req.resume().on('end', () => res.end(JSON.stringify(req.headers)));
}).listen(Number(PORT), '127.0.0.1');
