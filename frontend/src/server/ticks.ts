// Keeps Node's queue of ticks fast for as long as the process lives; import it before anything else.
//
// `process.nextTick` writes an object with computed names, and each answer takes several ticks. V8 has one shape in mind
// for such a place in a program. When all ticks are done as it collects its garbage, the shape goes with them; the next
// tick brings a new one, which V8 takes for a second, and from then on every tick is written the slow way: a fifth of the
// CPU of a kept page. A single tick that is never forgotten keeps the shape.
import { executionAsyncResource } from 'node:async_hooks';

const kept: object[] = [];

process.nextTick(() => {
  kept.push(executionAsyncResource());
});
