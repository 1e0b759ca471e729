import { Tensor } from './onnx-runtime.ts';
import type { Tensors } from './session.ts';

/**
 * Tensors as a session can read them.
 *
 * The binding of ONNX Runtime reads f16 from a `Uint16Array` only, while its `Tensor` holds a
 * `Float16Array` wherever there is that class: the bits go in as u16, under the name of f16.
 */
export function readableFeeds(feeds: Tensors): Tensors {
  return Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, readable(feed)]));
}

function readable(feed: Tensor): Tensor {
  if (feed.type !== 'float16' || feed.location !== 'cpu') return feed;
  const { data } = feed;
  if (!(data instanceof Float16Array)) return feed;
  const bits = new Uint16Array(data.buffer, data.byteOffset, data.length);
  return Object.defineProperty(new Tensor('uint16', bits, feed.dims), 'type', {
    value: 'float16',
  });
}
