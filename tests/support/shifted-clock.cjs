/**
 * Loaded before anything else into a process under test (`NODE_OPTIONS=--require …`): its clock runs ahead of the
 * machine's by the milliseconds that the file SHIFTED_CLOCK_FILE holds. The code under test has no door for this.
 */
const { readFileSync } = require("node:fs");

const Real = Date;
const realNow = Real.now.bind(Real);

// Read each time: a process that lives on is asked again within a millisecond after the clock was moved.
function now() {
  return realNow() + Number(readFileSync(process.env.SHIFTED_CLOCK_FILE, "utf8"));
}

globalThis.Date = new Proxy(Real, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new Real(now()).toString(),
  get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
});
