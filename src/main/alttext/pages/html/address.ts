import { attribute, tree, type Element } from './tree.ts';

/** Where scripts that load pictures late keep the addresses. */
const late = ['data-src', 'data-lazy-src', 'data-original', 'data-lazy', 'data-echo', 'data-image'];
const lateSets = ['data-srcset', 'data-lazy-srcset'];

/** The address of what an element shows, as it is written; null where it has none. */
export function addressOf(element: Element): string | null {
  const { tagName } = element;
  if (tagName === 'object') return attribute(element, 'data');
  if (tagName === 'img' || tagName === 'input')
    return imageAddress(element) ?? fromPicture(element);
  return backgroundOf(element);
}

function imageAddress(element: Element): string | null {
  const given = (name: string) => attribute(element, name)?.trim() || null;
  const src = given('src');
  const lazy = firstOf(late, given) ?? firstCandidate(firstOf(lateSets, given));
  // What stands in until the picture is there is not what people see.
  if (src !== null && (lazy === null || !isStandIn(src))) return lazy ?? src;
  return lazy ?? firstCandidate(given('srcset')) ?? src;
}

function isStandIn(src: string): boolean {
  return /^data:|(?:blank|placeholder|spacer|lazy|loading|pixel|transparent|1x1)[^/]*$/i.test(src);
}

function firstOf(names: readonly string[], given: (name: string) => string | null): string | null {
  return names.map(given).find((value) => value !== null) ?? null;
}

/** The first address of a `srcset`; a comma ends one only with a space or at a descriptor. */
function firstCandidate(set: string | null): string | null {
  return set?.trim().split(/\s+/)[0]?.replace(/,+$/, '') || null;
}

/** An `img` without an address of its own has that of the first source of its `picture`. */
function fromPicture(element: Element): string | null {
  const { parentNode: parent } = element;
  if (parent?.nodeName !== 'picture') return null;
  for (const node of parent.childNodes) {
    if (!tree.isElementNode(node) || node.tagName !== 'source') continue;
    const set = attribute(node, 'srcset') ?? attribute(node, 'data-srcset');
    if (set !== null) return firstCandidate(set);
  }
  return null;
}

function backgroundOf(element: Element): string | null {
  const style = attribute(element, 'style') ?? '';
  const match =
    /background(?:-image)?\s*:[^;]*?url\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s]*))\s*\)/i.exec(style);
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? null;
}
