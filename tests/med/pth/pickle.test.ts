import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PickleFault } from '#main/med/pth/pickle-bytes.ts';
import { PickleFunction, readPickle, type PickleRules } from '#main/med/pth/pickle.ts';
import { TestCall, TestPickler, TestTuple, type TestValue } from '../../support/torch-file.ts';

const rules: PickleRules = {
  global: (name) =>
    ({
      'collections.OrderedDict': new PickleFunction(() => new Map()),
    })[name],
  persistent: () => null,
};

const read = (bytes: Buffer) => readPickle(bytes, rules);

/** Plain values, with tuples and with the same list twice. */
const values = fc.letrec<{ value: TestValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }),
    fc.double({ noNaN: true, noInteger: true }),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value')),
    fc.array(tie('value')).map((items) => new TestTuple(...items)),
    fc.array(tie('value'), { minLength: 1 }).map((list) => new TestTuple(list, list)),
    fc.array(fc.tuple(fc.string(), tie('value'))).map((entries) => new Map(entries)),
  ),
})).value;

/** What a reader makes of it: tuples are arrays, integers numbers where those are exact. */
function plain(value: TestValue): unknown {
  if (value instanceof TestTuple) return value.items.map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, plain(each)]));
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  return value;
}

describe('a pickle', () => {
  test('reads back as what was written, whatever it is', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(read(TestPickler.dump(value))).toEqual(plain(value));
      }),
    );
  });

  test('keeps one value where it is stored twice', () => {
    const list = [1];
    const [one, two] = read(TestPickler.dump(new TestTuple(list, list))) as unknown[];
    expect(one).toBe(two);
  });

  test('cut off anywhere is refused', () => {
    const bytes = TestPickler.dump(new Map<string, TestValue>([['a', [1, 'b', 2.5, [300, -7]]]]));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => read(bytes.subarray(0, length))).toThrow(PickleFault);
    }
  });

  test('of any bytes is read or refused, and never more than that', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          read(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(PickleFault);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['posix.system', new TestCall('posix.system', 'echo no')],
    ['builtins.eval', new TestCall('builtins.eval', '1')],
    ['argparse.Namespace', new TestCall('argparse.Namespace')],
    ['__main__.constructor', new TestCall('__main__.constructor')],
  ])('that asks for %s is refused by name', (name, call) => {
    expect(() => read(TestPickler.dump([call]))).toThrow(name);
  });

  test.each([
    ['an opcode that makes objects', '\x80\x02c__main__\nThing\n)\x81.', /__main__\.Thing/],
    ['an opcode not known', '\x80\x02\x93.', /opcode 0x93 at byte 2/],
    ['a newer protocol', '\x80\x09N.', /protocol 9/],
    ['a call of a text', '\x80\x02X\x01\x00\x00\x00a)R.', /cannot be called/],
    ['a value recalled before it is there', '\x80\x02h\x05.', /recalls 5/],
    ['an append to a number', '\x80\x02K\x01K\x02a.', /no list/],
    ['an item of a list', '\x80\x02]K\x01K\x02s.', /no dict/],
    ['an item without a value', '\x80\x02}(K\x01u.', /no dict/],
    ['attributes of a list', '\x80\x02]Nb.', /attributes/],
    ['values left over', '\x80\x02NN.', /left over/],
    ['an empty stack', '\x80\x02.', /not there/],
    ['a pop through a mark', '\x80\x02K\x01(a.', /not there/],
    ['a tuple without a mark', '\x80\x02K\x01t.', /mark/],
    ['a text longer than the file', '\x80\x02X\xff\xff\xff\xffa.', /ends early/],
    ['a name without an end', `\x80\x02c${'a'.repeat(1000)}`, /name/],
  ])('with %s is refused', (_, text, message) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(() => read(bytes)).toThrow(PickleFault);
    expect(() => read(bytes)).toThrow(message);
  });
});
