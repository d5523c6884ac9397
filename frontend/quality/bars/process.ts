// The process that listens at a port of this machine, and what CPU it has used; Linux only, for both come from /proc.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** Its number; null where that cannot be seen. */
export function processAt(port: number): number | null {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => read(file).split('\n').slice(1).map((line) => line.trim().split(/\s+/)));
  const sockets = new Set(rows.filter(([, local, , state]) => state === LISTENING && local?.endsWith(`:${wanted}`)).map((row) => `socket:[${row[9]}]`));
  const found = entries('/proc').find((name) => /^\d+$/.test(name) && entries(`/proc/${name}/fd`).some((fd) => sockets.has(target(`/proc/${name}/fd/${fd}`))));
  return found === undefined ? null : Number(found);
}

/** Microseconds of CPU that all its threads have used. */
export function cpuOf(process: number): number {
  const nanoseconds = entries(`/proc/${process}/task`).map((task) => Number(read(`/proc/${process}/task/${task}/schedstat`).split(' ')[0]));
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1_000;
}

const read = (file: string): string => attempt(() => readFileSync(file, 'utf8'), '');
const entries = (folder: string): string[] => attempt(() => readdirSync(folder), []);
const target = (link: string): string => attempt(() => readlinkSync(link), '');

/** What has ended meanwhile, or belongs to somebody else, has nothing to say. */
function attempt<Result>(act: () => Result, otherwise: Result): Result {
  try {
    return act();
  } catch {
    return otherwise;
  }
}
