// How a page looks: pictures at three widths in both themes, for people, and what axe finds.

import { readFile } from 'node:fs/promises';
import { picture } from './portal.js';

const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What the theme decides; the rest is the same in both. */
const OF_THEME = ['color-contrast', 'link-in-text-block'];

const WIDTHS = [390, 820, 1440];
const HEIGHT = 900;

/** Looks at a page as it stands, in every width and theme: it is loaded once. Gives what is at fault. */
export async function look(page, name) {
  await page.evaluate(axe);
  const faults = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await atRest(page);
      await picture(page, `${name}-${width}-${colorScheme}`);
      const found = await faultsOf(page, colorScheme === 'light' ? EVERY_RULE : OF_THEME);
      faults.push(...found.map((fault) => `${name}, ${width} pixels, ${colorScheme}: ${fault}`));
    }
  }
  return faults;
}

/** Skeletons are gone, and what slides in or changes its colour has come to rest. */
async function atRest(page) {
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  await page.evaluate(async () => {
    await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
    // One that goes on for as long as the page is open does not count.
    const passing = document.getAnimations().filter((it) => it.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.all(passing.map((it) => it.finished.catch(() => null)));
  });
}

/** What axe finds, and whether the page is wider than its window. */
function faultsOf(page, runOnly) {
  return page.evaluate(async (only) => {
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const { violations } = await globalThis.axe.run(document, { runOnly: only, resultTypes: ['violations'] });
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    return over > 0 ? [`${String(over)} pixels too wide`, ...found] : found;
  }, runOnly);
}
