import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { readPage } from '#main/alttext/pages/read-page.ts';
import { lintText } from '#main/alttext/rules/lint-text.ts';
import { haveBrowser, launchBrowser } from '../../e2e/support/browser.ts';

/** The rules of axe about pictures, and those about what has nothing but a picture. */
const rules = [
  'image-alt',
  'image-redundant-alt',
  'input-image-alt',
  'role-img-alt',
  'svg-img-alt',
  'area-alt',
  'object-alt',
  'link-name',
  'button-name',
];

const drawing = '<path d="M0 0h9v9z"/>';
const cases: Record<string, string> = {
  'no text': '<img src="a.png">',
  'empty text': '<img src="a.png" alt="">',
  'boolean text': '<img src="a.png" alt>',
  'a text': '<img src="a.png" alt="Two dogs run on a beach">',
  spaces: '<img src="a.png" alt="  ">',
  'a tooltip': '<img src="a.png" title="Two dogs run on a beach">',
  label: '<img src="a.png" aria-label="Two dogs run on a beach">',
  'labelled by': '<img src="a.png" aria-labelledby="words"><p id="words">Two dogs</p>',
  'labelled by nothing': '<img src="a.png" aria-labelledby="nowhere">',
  'presentation role': '<img src="a.png" role="presentation">',
  'no role': '<img src="a.png" role="none">',
  'hidden from readers': '<img src="a.png" aria-hidden="true">',
  'hidden around': '<div aria-hidden="true"><img src="a.png"></div>',
  'hidden from all': '<div style="display:none"><img src="a.png"></div>',
  'hidden attribute': '<img src="a.png" hidden>',
  'link says it': '<a href="/"><img src="a.png" alt="Two dogs"> Two dogs</a>',
  'link says it in capitals': '<a href="/"><img src="a.png" alt="TWO dogs"><b>two</b> dogs</a>',
  'link says more': '<a href="/"><img src="a.png" alt="Two dogs"> Two dogs and a cat</a>',
  'paragraph says it': '<p><img src="a.png" alt="Two dogs on a beach"> Two dogs on a beach</p>',
  'cell says it':
    '<table><tr><td><img src="a.png" alt="Two dogs on a beach">Two dogs on a beach</td></tr></table>',
  'item says it':
    '<ul><li>Two dogs on a beach<img src="a.png" alt="Two dogs on a beach"></li></ul>',
  'division says it': '<div><img src="a.png" alt="Two dogs on a beach"> Two dogs on a beach</div>',
  'button says it': '<button><img src="a.png" alt="Search"> Search</button>',
  'link of a picture': '<a href="/"><img src="a.png" alt="Home"></a>',
  'link of a picture without text': '<a href="/"><img src="a.png" alt=""></a>',
  'link of a picture with none': '<a href="/"><img src="a.png"></a>',
  'button of a picture without text': '<button><img src="a.png" alt=""></button>',
  'named link': '<a href="/" aria-label="Home"><img src="a.png" alt=""></a>',
  'link with a tooltip': '<a href="/" title="Home"><img src="a.png" alt=""></a>',
  'link of two pictures': '<a href="/"><img src="a.png" alt=""><img src="b.png" alt="Home"></a>',
  'link of a drawing': `<a href="/"><svg width="9" height="9">${drawing}</svg></a>`,
  'link of a named drawing': `<a href="/"><svg role="img" width="9" height="9"><title>Home</title>${drawing}</svg></a>`,
  'button for pictures': '<form><input type="image" src="go.png"></form>',
  'button for pictures with text': '<form><input type="image" src="go.png" alt="Go"></form>',
  'button for pictures, empty': '<form><input type="image" src="go.png" alt=""></form>',
  'role without a name':
    '<span role="img" style="display:inline-block;width:9px;height:9px"></span>',
  'role with a name': '<span role="img" aria-label="Two dogs on a beach">x</span>',
  'role with an empty name': '<span role="img" aria-label="">x</span>',
  'emoji with a role': '<span role="img">🎉</span>',
  'drawing without a name': `<svg role="img" width="9" height="9">${drawing}</svg>`,
  'drawing with a title': `<svg role="img" width="9" height="9"><title>Two dogs on a beach</title>${drawing}</svg>`,
  'drawing with an empty title': `<svg role="img" width="9" height="9"><title></title>${drawing}</svg>`,
  'drawing with a label': `<svg role="img" aria-label="Two dogs on a beach" width="9" height="9">${drawing}</svg>`,
  'drawing without a role': `<svg width="9" height="9">${drawing}</svg>`,
  'area without text':
    '<img src="a.png" alt="A map of the coast" usemap="#m1"><map name="m1"><area href="/x" shape="rect" coords="0,0,9,9"></map>',
  'area with text':
    '<img src="a.png" alt="A map of the coast" usemap="#m2"><map name="m2"><area href="/x" shape="rect" coords="0,0,9,9" alt="Bay"></map>',
  'object without text': '<object data="a.svg" type="image/svg+xml" width="9" height="9"></object>',
  'object with a label':
    '<object data="a.svg" type="image/svg+xml" aria-label="Two dogs on a beach" width="9" height="9"></object>',
  'object with a tooltip':
    '<object data="a.svg" type="image/svg+xml" title="Two dogs on a beach" width="9" height="9"></object>',
};

const page = `<!doctype html><html lang="en"><body>
${Object.entries(cases)
  .map(([name, html]) => `<div data-case="${name}">${html}</div>`)
  .join('\n')}
</body></html>`;

const Found = z.array(z.object({ rule: z.string(), name: z.string() }));
const key = (rule: string, name: string) => `${name}: ${rule}`;

let browser: Browser;
beforeAll(async () => {
  if (haveBrowser) browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
  if (haveBrowser) await browser.close();
});

/** What axe says in a real browser. */
async function byAxe(): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const tab = await browser.newPage();
  await tab.route('**/*', (route) => route.abort());
  await tab.setContent(page, { waitUntil: 'domcontentloaded' });
  await tab.evaluate(axe);
  const found: unknown = await tab.evaluate(`axe
    .run(document, { runOnly: { type: 'rule', values: ${JSON.stringify(rules)} }, resultTypes: ['violations'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => ({
      rule: id,
      name: document.querySelector(target[0]).closest('[data-case]').dataset.case,
    }))))`);
  await tab.close();
  return Found.parse(found)
    .map(({ rule, name }) => key(rule, name))
    .sort();
}

/** What our rules say that have a counterpart in axe. */
function byRules(): string[] {
  const found = readPage(page, 'page.html').flatMap((picture) => {
    const before = page.slice(0, picture.start);
    const name = /data-case="([^"]*)"(?![\s\S]*data-case=)/.exec(before)?.[1] ?? '';
    const place = { ...picture, purpose: 'alt' as const, fileName: null, looks: null };
    return lintText(place).flatMap(({ also }) => {
      const ids = also
        .filter((id) => id.startsWith('axe:'))
        .map((id) => /^axe:([\w-]+)/.exec(id)?.[1] ?? '');
      const other = picture.context?.inside === 'button' ? 'link-name' : 'button-name';
      return ids.filter((id) => id !== other).map((id) => key(id, name));
    });
  });
  return found.sort();
}

test.skipIf(!haveBrowser)(
  'what axe finds in a browser is found without one, and nothing that it does not find',
  async () => {
    const axe = await byAxe();
    expect(axe.length).toBeGreaterThan(15);
    expect(byRules()).toEqual(axe);
  },
  60_000,
);
