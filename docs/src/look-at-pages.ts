import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page, type Route } from 'playwright-core';
import { builtPages } from './built-site.ts';

/** No server: the browser's requests are answered from the folder, and one to anywhere else is a fault. */
const SITE = 'http://site.invalid';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How readers look at a page; each page is looked at both ways. */
const VIEWS = [
  { name: 'light, 1280 px', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark, 390 px', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

/**
 * Opens every page of a built site in Chromium, wide and light, narrow and dark.
 * @param program - Where Chromium lies.
 * @returns One line for each fault: what axe calls serious or critical, text wider than the screen, errors of scripts, and requests to
 * anywhere but the site.
 */
export async function lookAtPages(folder: string, program: string): Promise<string[]> {
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  try {
    const faults = await Promise.all(VIEWS.map((view) => lookAt(browser, folder, view)));
    return faults.flat();
  } finally {
    await browser.close();
  }
}

async function lookAt(
  browser: Browser,
  folder: string,
  { name, ...options }: (typeof VIEWS)[number],
): Promise<string[]> {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const faults: string[] = [];
  let address = '';
  const fault = (what: string) => faults.push(`${address} (${name}): ${what}`);
  page.on('pageerror', (error) => fault(error.message));
  await page.route('**/*', (route) => answer(route, folder, fault));
  for (const built of builtPages(folder)) {
    address = built.address;
    await page.goto(SITE + address, { waitUntil: 'networkidle' });
    for (const what of await faultsOf(page)) fault(what);
  }
  await context.close();
  return faults;
}

async function answer(route: Route, folder: string, fault: (what: string) => void): Promise<void> {
  const { origin, pathname } = new URL(route.request().url());
  if (origin !== SITE) {
    fault(`asks ${origin} for something`);
    return route.abort();
  }
  const path = folder + decodeURI(pathname);
  const file = [`${path.replace(/\/$/, '/index')}.html`, path].find((one) => existsSync(one));
  return file ? route.fulfill({ path: file }) : route.fulfill({ status: 404 });
}

/** In the page: scrolling sideways is for tables and code, not for the whole. */
async function faultsOf(page: Page): Promise<string[]> {
  const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return [
    ...(wider > 0 ? [`${wider} px wider than the screen`] : []),
    ...serious.map(({ id, nodes }) => `${id}: ${nodes.length}×, first ${nodes[0]?.target.join(' ')}`),
  ];
}
