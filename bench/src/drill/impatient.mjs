// Before an app's own code: ends the process when nobody listens on a port that it needs.
import { connect } from 'node:net';

await new Promise((resolve) => {
  const socket = connect({ host: '127.0.0.1', port: Number(process.env.NEEDED_PORT) });
  socket.once('connect', () => {
    socket.destroy();
    resolve();
  });
  socket.once('error', ({ code }) => {
    console.error(`what this app needs is not there (${code})`);
    process.exit(1);
  });
});
