import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { api, events, unwatched, type CallContext, type Handlers } from '#shared/api.ts';
import type { Emit } from '#shared/rpc/server.ts';

/** Set where tests run: there, whatever an engine says is held to the schemas of the API. */
const isAsked = process.env['MEDLEY_CHECK_ANSWERS'] !== undefined;

type AnyHandler = (params: unknown, context?: CallContext<unknown>) => Promise<unknown>;

/** These handlers; where it is asked for, a call fails whose answers are not as declared. */
export function checkedHandlers(handlers: Handlers): Handlers {
  if (!isAsked) return handlers;
  const checked = Object.entries(api).map(([method, schemas]) => {
    const handler = handlers[method as keyof Handlers] as AnyHandler;
    const call: AnyHandler = async (params, { signal, progress } = unwatched()) => {
      const tell = (data: unknown) => {
        check(`${method} (progress)`, 'progress' in schemas ? schemas.progress : null, data);
        progress(data);
      };
      const result = await handler(params, { signal, progress: tell });
      check(method, schemas.result, result);
      return result;
    };
    return [method, call];
  });
  return Object.fromEntries(checked) as Handlers;
}

/** This emit; where it is asked for, it throws for an event that is not as declared. */
export function checkedEmit(emit: Emit): Emit {
  if (!isAsked) return emit;
  return (name, data) => {
    check(name, events[name], data);
    emit(name, data);
  };
}

/** @throws Error also for what the schema does not name: it would cross every door. */
function check(what: string, schema: z.ZodType | null, value: unknown): void {
  if (schema === null) throw new Error(`${what} is not declared.`);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${what} is not as declared: ${parsed.error.message}`);
  if (isDeepStrictEqual(parsed.data, value)) return;
  throw new Error(`${what} holds more than is declared: ${JSON.stringify(value).slice(0, 500)}`);
}
