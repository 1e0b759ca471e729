import type { Pixels } from '#main/med/preprocess/photo-input.ts';
import type { Sides } from '#main/med/preprocess/square.ts';

/** Bytes of prepared photos kept between import and embedding. */
const handOverBytes = 128 * 2 ** 20;

/** A photo as a model wants to see it: its squares of some sides. */
interface Prepared {
  readonly sides: Sides;
  readonly squares: readonly Pixels[];
}

/**
 * The photos the model is about to see. One just imported is handed over, so that it is not decoded
 * twice; any other is made ready from its file, ahead of the model where it was announced.
 */
export class PixelSource {
  readonly #prepare: (pictureId: string, sides: Sides) => Promise<readonly Pixels[]>;
  readonly #handedOver = new Map<string, Prepared>();
  readonly #ahead = new Map<string, Promise<readonly Pixels[]>>();
  #bytes = 0;
  /** Bytes of photos that are being made ready to be handed over. */
  #expected = 0;
  #onRoom: (() => void)[] = [];

  constructor(prepare: (pictureId: string, sides: Sides) => Promise<readonly Pixels[]>) {
    this.#prepare = prepare;
  }

  /** Keeps a photo just made ready until the model takes it. */
  handOver(pictureId: string, prepared: Prepared): void {
    if (this.#handedOver.has(pictureId)) return;
    this.#handedOver.set(pictureId, prepared);
    this.#bytes += bytesOf(prepared);
  }

  /** Whether no more photos should be handed over before some are taken. */
  get full(): boolean {
    return this.#bytes >= handOverBytes;
  }

  /**
   * Waits until there is room for one more photo with squares of these sides, and keeps it.
   * @returns what gives the room back: once the photo was handed over, or is not going to be.
   */
  async room(sides: Sides): Promise<() => void> {
    while (this.#bytes + this.#expected >= handOverBytes) {
      await new Promise<void>((resolve) => this.#onRoom.push(resolve));
    }
    const bytes = sides.reduce((sum, side) => sum + 3 * side * side, 0);
    this.#expected += bytes;
    return () => {
      this.#expected -= bytes;
      this.#wake();
    };
  }

  /** Begins to make photos ready that will be taken next. */
  prefetch(pictureIds: Iterable<string>, sides: Sides): void {
    for (const id of pictureIds) {
      if (this.#handedOver.has(id) || this.#ahead.has(id)) continue;
      const preparing = this.#prepare(id, sides);
      this.#ahead.set(id, preparing);
      // Whoever takes the photo tries again, and has the failure then.
      preparing.catch(() => this.#ahead.delete(id));
    }
  }

  /**
   * Hands a photo out, once.
   * @throws {MedleyError} when its file cannot be decoded any more.
   */
  async take(pictureId: string, sides: Sides): Promise<readonly Pixels[]> {
    const ready = this.#handedOver.get(pictureId);
    this.drop(pictureId);
    // It may have been imported for the model before.
    if (ready?.sides.join() === sides.join()) return ready.squares;
    const preparing = this.#ahead.get(pictureId) ?? this.#prepare(pictureId, sides);
    this.#ahead.delete(pictureId);
    return preparing;
  }

  /** Forgets a photo that nothing will take. */
  drop(pictureId: string): void {
    const held = this.#handedOver.get(pictureId);
    this.#bytes -= held === undefined ? 0 : bytesOf(held);
    this.#handedOver.delete(pictureId);
    this.#wake();
  }

  /** Forgets everything held. */
  clear(): void {
    this.#ahead.clear();
    for (const id of [...this.#handedOver.keys()]) this.drop(id);
  }

  #wake(): void {
    for (const resolve of this.#onRoom.splice(0)) resolve();
  }
}

function bytesOf({ squares }: Prepared): number {
  return squares.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
