const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/**
 * Turns Ctrl-C, a request to end, and a reader of our output that has gone into one abort, `polite`. The second of
 * them aborts `impatient`.
 */
export function watchForInterruption() {
  const polite = new AbortController();
  const impatient = new AbortController();
  let first;
  const onSignal = (name) => {
    if (first !== undefined) impatient.abort();
    first ??= name;
    polite.abort();
  };
  for (const name of Object.keys(EXIT_CODES)) process.on(name, onSignal);
  // Every further write fails too; only the first error says anything.
  process.stdout.on("error", () => first === undefined && onSignal("SIGHUP"));
  return {
    polite: polite.signal,
    impatient: impatient.signal,
    /** Whether it began with a Ctrl-C, which a terminal sends to the commands that run in it too. */
    byCtrlC: () => first === "SIGINT",
    /** As a shell counts it. */
    exitCode: () => EXIT_CODES[first],
    stop: () => {
      for (const name of Object.keys(EXIT_CODES)) process.removeListener(name, onSignal);
    },
  };
}
