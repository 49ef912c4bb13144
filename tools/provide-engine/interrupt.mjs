const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs `work` with a signal that is aborted when the process is asked to end. What `work` does to clean up is waited
 * for; then the process ends by that signal, as it would have without us.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function interruptible(work) {
  const controller = new AbortController();
  let received;
  const onSignal = (name) => {
    received = name;
    controller.abort();
  };
  for (const name of SIGNALS) {
    process.once(name, onSignal);
  }
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) {
      process.removeListener(name, onSignal);
    }
    if (received !== undefined) {
      process.kill(process.pid, received);
    }
  }
}
