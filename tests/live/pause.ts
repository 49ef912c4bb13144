/** The run was ended from outside. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Waits; throws Interrupted as soon as the run is ended. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    if (signal?.aborted) {
      fail(new Interrupted("ended"));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      fail(new Interrupted("ended"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      done();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Looks again and again. Gives false where nothing came of it within `patience`. */
export async function until(
  look: () => Promise<boolean>,
  policy: { interval: number; patience: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const deadline = Date.now() + policy.patience;
  for (;;) {
    if (await look()) return true;
    if (Date.now() >= deadline) return false;
    await pause(policy.interval, policy.signal);
  }
}
