const TICK_ON_TERMINAL_MS = 1_000;
const TICK_IN_LOG_MS = 15_000;

/**
 * Says what is going on. `log` gets whole lines. `update`, where there is a terminal, gets a line that replaces the
 * one it got before; without it a line is logged every 15 seconds, so that a CI log shows that work goes on.
 * @param {{log: (line: string) => void, update?: (line: string) => void, tickMs?: number}} sink
 */
export function createReporter({ log, update, tickMs }) {
  const interval = tickMs ?? (update === undefined ? TICK_IN_LOG_MS : TICK_ON_TERMINAL_MS);
  const show = update ?? log;
  return {
    line: log,
    /**
     * Runs `work` and reports now and then how long it has been going on and what `note` said last.
     * @template T
     * @param {string} title
     * @param {(note: (text: string) => void) => Promise<T>} work
     * @returns {Promise<T>}
     */
    async during(title, work) {
      const started = Date.now();
      let noted = "";
      const timer = setInterval(() => {
        show(`  ${title}: ${clock(Date.now() - started)}${noted === "" ? "" : `, ${noted}`}`);
      }, interval);
      try {
        return await work((text) => {
          noted = text;
        });
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** Writes to a stream: on a terminal with one line that is written over, elsewhere plain lines. */
export function streamSink(stream) {
  if (!stream.isTTY) {
    return { log: (line) => stream.write(`${line}\n`) };
  }
  let pending = false;
  const clear = () => {
    if (pending) {
      stream.write("\r\u001b[2K");
      pending = false;
    }
  };
  return {
    log: (line) => {
      clear();
      stream.write(`${line}\n`);
    },
    update: (line) => {
      clear();
      stream.write(line.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
      pending = true;
    },
    end: clear,
  };
}

/** Minutes and seconds, as "3:07". */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
