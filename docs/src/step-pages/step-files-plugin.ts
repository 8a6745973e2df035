import type { UserConfig } from 'vitepress';
import { wholeFileHtml } from './hunk-html.ts';
import type { Steps } from './steps.ts';

type Plugins = NonNullable<NonNullable<UserConfig['vite']>['plugins']>;
type Plugin = Extract<Plugins[number], { name: string }>;

/**
 * Serves each file of each step by itself, as a page loads it when its reader opens it: `/step-files/<step>/<path>.json` is a string of
 * HTML. All of them in the page would be megabytes.
 */
export function stepFilesPlugin(steps: Steps): Plugin {
  let isForServer = false;
  return {
    name: 'step-files',
    configResolved({ build }) {
      isForServer = Boolean(build.ssr);
    },
    configureServer({ middlewares }) {
      middlewares.use((req, res, next) => {
        const wanted = fragments(steps).find(({ name }) => req.url?.split('?')[0]?.endsWith(`/${name}`));
        if (!wanted) return next();
        res.setHeader('Content-Type', 'application/json');
        res.end(wanted.source());
      });
    },
    generateBundle() {
      if (isForServer) return;
      for (const { name, source } of fragments(steps))
        this.emitFile({ type: 'asset', fileName: name, source: source() });
    },
  };
}

function fragments(steps: Steps) {
  const files = [...steps.diffs.values()].flatMap((diff) => diff.files.map((file) => ({ diff, file })));
  return files.map(({ diff, file }) => ({
    name: `step-files/${diff.step.number}/${file.path}.json`,
    // What a page loads is no template any more, and needs no word for Vue to leave it alone.
    source: () => JSON.stringify(wholeFileHtml(file, steps.htmlOf(diff, file)).replaceAll(' v-pre', '')),
  }));
}
