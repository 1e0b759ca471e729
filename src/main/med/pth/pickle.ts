import { PickleBytes, PickleFault } from './pickle-bytes.ts';

/** A global that a pickle may call; what it makes is all that ever comes of it. */
export class PickleFunction {
  readonly call: (args: readonly unknown[]) => unknown;

  constructor(call: (args: readonly unknown[]) => unknown) {
    this.call = call;
  }
}

export interface PickleRules {
  /** What a global stands for, by `module.name`; undefined for one that is not allowed. */
  global(name: string): unknown;
  /** What a reference to something kept outside of the pickle stands for. */
  persistent(id: unknown): unknown;
}

const MARK = Symbol('mark');
const NEWEST_PROTOCOL = 5;

/**
 * Reads a pickle as plain data: dicts become Maps, lists and tuples arrays. Only the opcodes that
 * `torch.save` writes for dicts of tensors are known, only globals that the rules name can be
 * called, and no code of the pickle's choosing exists to be run.
 *
 * @throws PickleFault on anything else, and on bytes that are no pickle
 */
export function readPickle(bytes: Buffer, rules: PickleRules): unknown {
  return new PickleMachine(new PickleBytes(bytes), rules).run();
}

/** The stack machine of pickle (`pickletools` of CPython says what each opcode does). */
class PickleMachine {
  readonly #bytes: PickleBytes;
  readonly #rules: PickleRules;
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(bytes: PickleBytes, rules: PickleRules) {
    this.#bytes = bytes;
    this.#rules = rules;
  }

  run(): unknown {
    for (;;) {
      const opcode = this.#bytes.uint8();
      if (opcode === 0x2e) return this.#end();
      this.#step(opcode);
    }
  }

  #step(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        return this.#requireProtocol(this.#bytes.uint8());
      case 0x28: // MARK
        this.#marks.push(this.#stack.length);
        return void this.#stack.push(MARK);
      case 0x4e: // NONE
        return void this.#stack.push(null);
      case 0x88: // NEWTRUE
        return void this.#stack.push(true);
      case 0x89: // NEWFALSE
        return void this.#stack.push(false);
      case 0x4a: // BININT
        return void this.#stack.push(this.#bytes.int32());
      case 0x4b: // BININT1
        return void this.#stack.push(this.#bytes.uint8());
      case 0x4d: // BININT2
        return void this.#stack.push(this.#bytes.uint16());
      case 0x8a: // LONG1
        return void this.#stack.push(this.#bytes.integer(this.#bytes.uint8()));
      case 0x47: // BINFLOAT
        return void this.#stack.push(this.#bytes.float64());
      case 0x58: // BINUNICODE
        return void this.#stack.push(this.#bytes.text(this.#bytes.uint32()));
      case 0x55: // SHORT_BINSTRING
        return void this.#stack.push(this.#bytes.text(this.#bytes.uint8()));
      case 0x7d: // EMPTY_DICT
        return void this.#stack.push(new Map());
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return void this.#stack.push([]);
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return void this.#stack.push(this.#popMany(opcode - 0x84));
      case 0x74: // TUPLE
        return void this.#stack.push(this.#popToMark());
      case 0x61: // APPEND
        return this.#append([this.#pop()]);
      case 0x65: // APPENDS
        return this.#append(this.#popToMark());
      case 0x73: // SETITEM
        return this.#setItems(this.#popMany(2));
      case 0x75: // SETITEMS
        return this.#setItems(this.#popToMark());
      case 0x71: // BINPUT
        return void this.#memo.set(this.#bytes.uint8(), this.#peek());
      case 0x72: // LONG_BINPUT
        return void this.#memo.set(this.#bytes.uint32(), this.#peek());
      case 0x68: // BINGET
        return this.#recall(this.#bytes.uint8());
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#bytes.uint32());
      case 0x63: // GLOBAL
        return this.#global(`${this.#bytes.line()}.${this.#bytes.line()}`);
      case 0x52: // REDUCE
        return this.#reduce();
      case 0x62: // BUILD
        return this.#build();
      case 0x51: // BINPERSID
        return void this.#stack.push(this.#rules.persistent(this.#pop()));
      default:
        throw new PickleFault(
          `opcode 0x${opcode.toString(16)} at byte ${this.#bytes.position - 1} is not read here`,
        );
    }
  }

  #end(): unknown {
    const value = this.#pop();
    if (this.#stack.length === 0) return value;
    throw new PickleFault('it ends with values left over');
  }

  #requireProtocol(version: number): void {
    if (version > NEWEST_PROTOCOL) throw new PickleFault(`protocol ${version} is not known`);
  }

  #pop(): unknown {
    return this.#popMany(1)[0];
  }

  #popMany(count: number): unknown[] {
    const floor = (this.#marks.at(-1) ?? -1) + 1;
    const start = this.#stack.length - count;
    if (start < floor) throw new PickleFault('it takes a value that is not there');
    return this.#stack.splice(start);
  }

  #popToMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new PickleFault('it takes a mark that is not there');
    const [, ...values] = this.#stack.splice(mark);
    return values;
  }

  /** The value on top, left there. */
  #peek(): unknown {
    const [value] = this.#popMany(1);
    this.#stack.push(value);
    return value;
  }

  #recall(key: number): void {
    if (!this.#memo.has(key)) throw new PickleFault(`it recalls ${key}, which it never stored`);
    this.#stack.push(this.#memo.get(key));
  }

  #append(values: readonly unknown[]): void {
    const list = this.#peek();
    if (!Array.isArray(list)) throw new PickleFault('it appends to what is no list');
    for (const value of values) list.push(value);
  }

  #setItems(items: readonly unknown[]): void {
    const dict = this.#peek();
    if (!(dict instanceof Map) || items.length % 2 !== 0) {
      throw new PickleFault('it sets an item of what is no dict');
    }
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  #global(name: string): void {
    const value = this.#rules.global(name);
    if (value === undefined) {
      throw new PickleFault(
        `it asks for ${name}, which no file of weights needs and nothing here runs`,
      );
    }
    this.#stack.push(value);
  }

  #reduce(): void {
    const [callable, args] = this.#popMany(2);
    if (!(callable instanceof PickleFunction) || !Array.isArray(args)) {
      throw new PickleFault('it calls what cannot be called');
    }
    this.#stack.push(callable.call(args));
  }

  /** Attributes set on a dict (`_metadata` of a state dict) are dropped; nothing else has any. */
  #build(): void {
    this.#pop();
    if (!(this.#peek() instanceof Map)) throw new PickleFault('it sets attributes');
  }
}
