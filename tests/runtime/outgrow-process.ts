/** `node outgrow-process.ts N`: what {@link outgrow} says of webgpu, as JSON on stdout. */
import { outgrow } from './outgrow.ts';

process.stdout.write(JSON.stringify(await outgrow('webgpu', Number(process.argv[2]))));
