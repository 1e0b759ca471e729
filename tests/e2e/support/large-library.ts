import type { Page } from 'playwright-core';
import type { Method, ResultOf } from '#shared/api.ts';
import { RequestMessage } from '#shared/rpc/messages.ts';
import type { Timeline } from '#shared/schemas/photos.ts';

const shapes = [1.5, 0.67, 1.33, 1.78, 0.75, 1, 2.6];
const newest = Date.UTC(2026, 5, 1) / 1000;
const hoursApart = 2;

/** Of somebody who has changed none. */
export const untouchedSettings: ResultOf<'settings/get'> = {
  device: 'auto',
  modelFolder: null,
  captionerFolder: null,
  adopting: null,
  previous: null,
  writing: { target: 'sidecar', keepTimes: false, mark: true },
};

/** What the engine answers instead, by method. */
export type Answers = { readonly [M in Method]?: ResultOf<M> };

/** That many photos, two hours apart. */
export function pretendTimeline(count: number): Timeline {
  return {
    ids: Array.from({ length: count }, (_, at) => at.toString(16).padStart(32, '0')),
    ratios: Array.from({ length: count }, (_, at) => shapes[at % shapes.length]),
    taken: Array.from({ length: count }, (_, at) => newest - at * hoursApart * 3600),
    precisions: Array.from({ length: count }, () => 'time'),
    colours: Array.from({ length: count }, (_, at) => (at * 2_654_435) % 0x1000000),
    versions: Array.from({ length: count }, () => '1'),
  };
}

/**
 * Answers the page's calls as a library of `count` photos would: more than a test can import.
 * Every thumbnail is the same small picture.
 *
 * @param missing How many of the newest lie on a disk that is not connected.
 * @param heard Where what the page asks for is noted.
 */
export async function pretendLibrary(
  page: Page,
  count: number,
  missing = 0,
  instead: Answers = {},
  heard: RequestMessage[] = [],
): Promise<void> {
  const timeline = pretendTimeline(count);
  const answers: Answers = {
    'library/info': {
      path: '/l',
      revision: 1,
      photosRevision: 1,
      photos: count,
      missing,
      embedded: count,
      captioned: count,
      folders: ['/p'],
    },
    'photos/timeline': timeline,
    'photos/labels': timeline.ids
      .slice(0, missing)
      .map((id, at) => ({ id, fileName: `${at}.jpg`, caption: null, missing: true })),
    'activity/get': {
      state: 'idle',
      looking: false,
      stages: [],
      secondsLeft: null,
      failures: 0,
      problem: null,
    },
    'library/left-out': { unsupported: [], notices: [] },
    'tasks/list': [],
    'model/status': { state: 'loading', model: null, device: null, batches: null, error: null },
    'settings/get': untouchedSettings,
    ...instead,
  };
  await page.routeWebSocket('**/api', (socket) => {
    socket.onMessage((raw) => {
      const request = RequestMessage.parse(JSON.parse(String(raw)));
      const { id, method } = request;
      heard.push(request);
      const result = Object.entries(answers).find(([name]) => name === method)?.[1] ?? null;
      socket.send(JSON.stringify({ type: 'reply', id, result }));
    });
  });
  await page.route('**/photo/**', (route) =>
    route.fulfill({
      contentType: 'image/svg+xml',
      body: '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>',
    }),
  );
}
