import { z } from 'zod';
import { errorCodes } from '../errors.ts';

/** What travels between a client and the engine, over any transport. */
export const RequestMessage = z.object({
  type: z.literal('request'),
  id: z.int(),
  method: z.string().max(100),
  params: z.unknown(),
});
export type RequestMessage = z.infer<typeof RequestMessage>;

/** The caller does not want the answer to its call any more. */
export const CancelMessage = z.object({ type: z.literal('cancel'), id: z.int() });

/** What a client may say. */
export const ClientMessage = z.discriminatedUnion('type', [RequestMessage, CancelMessage]);
export type ClientMessage = z.infer<typeof ClientMessage>;

export const ReplyMessage = z.object({
  type: z.literal('reply'),
  id: z.int(),
  result: z.unknown().optional(),
  error: z
    .object({ code: z.enum(errorCodes), message: z.string(), subject: z.string().optional() })
    .optional(),
});

/** How far a call is, for its caller alone. */
export const ProgressMessage = z.object({
  type: z.literal('progress'),
  id: z.int(),
  data: z.unknown(),
});

export const EventMessage = z.object({
  type: z.literal('event'),
  name: z.string(),
  data: z.unknown(),
});

export const Message = z.discriminatedUnion('type', [
  RequestMessage,
  CancelMessage,
  ReplyMessage,
  ProgressMessage,
  EventMessage,
]);
export type Message = z.infer<typeof Message>;

/**
 * A two-way pipe for messages: a WebSocket, a MessagePort or a child process's channel. `listen`
 * hands over raw values; whoever reads them validates them.
 */
export interface Transport {
  send(message: Message): void;
  listen(onMessage: (message: unknown) => void, onClose: () => void): void;
}
