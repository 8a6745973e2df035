import { Command } from 'commander';
import { createServer } from 'vitepress';
import { ROOT } from './root.ts';

new Command('pnpm site')
  .description('Serves the site, and shows a change of its texts at once.')
  .option('--port <port>', 'where it listens', '5173')
  .addHelpText('after', '\nExample: pnpm site --port 8080')
  .action(async ({ port }: { port: string }) => {
    const server = await createServer(`${ROOT}/docs`, { host: '127.0.0.1', port: Number(port) });
    await server.listen();
    server.printUrls();
  })
  .parse();
