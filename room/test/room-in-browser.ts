import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import {
  browserNeed,
  ensureSystemNeeds,
  findProgram,
  type Instance,
  launch,
  loadTopology,
  workspaceRoot,
} from '@day90/infra';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openRoom, type Room } from '../src/room.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A stage that is up, with its room open in Chromium. */
export interface OpenRoom {
  page: Page;
  instance: Instance;
  /** Errors of scripts, and requests to anywhere but the room. */
  faults: string[];
  close(): Promise<void>;
}

/** Starts a stage on free ports, and opens its room as a phone in the dark would. @param stage - Its folder in stages/. */
export async function openRoomOf(stage: string, name: string): Promise<OpenRoom> {
  const root = workspaceRoot(fileURLToPath(new URL('.', import.meta.url)));
  await ensureSystemNeeds('stage-1', 'bench', { needs: [browserNeed] });
  const { topology, folder } = await loadTopology(`${root}/stages/${stage}/src/topology.ts`);
  const run = { instance: `test-room-${name}`, throwAway: true, quiet: true, onProgress: () => {} };
  const instance = await launch(topology, { folder, scale: 'small', ports: 'free', ...run });
  const opened: { room?: Room; browser?: Browser } = {};
  const close = async () => {
    await opened.browser?.close();
    opened.room?.close();
    await instance.stop();
  };
  try {
    opened.room = await openRoom(root, instance.ready, 0);
    const executablePath = findProgram(browserNeed.program) ?? browserNeed.program;
    opened.browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    return { instance, close, ...(await openedPage(opened.browser, opened.room.url)) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openedPage(browser: Browser, url: string): Promise<Pick<OpenRoom, 'page' | 'faults'>> {
  const context = await browser.newContext({
    ...{ colorScheme: 'dark', reducedMotion: 'reduce', viewport: { width: 390, height: 844 } },
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:'))
      faults.push(request.url());
  });
  await page.goto(url);
  await page.locator('.box').first().waitFor();
  return { page, faults };
}

/** What axe calls serious or critical, and whether the page is wider than the screen. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  return [...grave.map(({ help }) => help), ...(isWide ? ['wider than the screen'] : [])];
}
