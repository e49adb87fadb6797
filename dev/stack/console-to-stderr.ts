/**
 * Imported first, for its effect: what libraries print with `console` goes to stderr, because stdout is for
 * the result alone. Some of them take hold of `console.log` while they are loaded.
 */
import { Console } from 'node:console';

globalThis.console = new Console(process.stderr);
