/**
 * Why there is no engine. `code` is stable: ENGINE_SETTING (a setting is wrong), ENGINE_PLACE (the folder
 * cannot be written), ENGINE_UNAVAILABLE (every allowed source failed; `tried` says how).
 */
export class EngineError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = "EngineError";
    this.code = code;
    this.tried = options?.tried ?? [];
  }
}

/** One source does not work here; the next one is tried. */
export class SourceFailure extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "SourceFailure";
  }
}

const REMEDIES = {
  path: (facts) =>
    `install Pulumi ${facts.minimum} or newer with its Node.js language host: https://www.pulumi.com/docs/install/`,
  download: (facts) =>
    `let this machine reach ${facts.mirror}, or name a mirror of it in PULUMI_UTHO_ENGINE_MIRROR`,
  build: (facts) => `install Go ${facts.go} or newer and let it reach a Go module proxy`,
};

/**
 * The last word when nothing worked: what was tried, why each failed, what to do.
 * @param {{source: string, reason: string}[]} tried
 * @param {{minimum: string, mirror: string, go: string, allowed: string[]}} facts
 */
export function unavailable(tried, facts) {
  const width = Math.max(...tried.map(({ source }) => source.length));
  const lines = tried.map(({ source, reason }) => {
    const indented = reason.split("\n").join(`\n${" ".repeat(width + 4)}`);
    return `  ${source.padEnd(width)}  ${indented}`;
  });
  const remedies = facts.allowed.map((source) => `  - ${REMEDIES[source](facts)}`);
  const forbidden = Object.keys(REMEDIES).filter((source) => !facts.allowed.includes(source));
  if (forbidden.length > 0) {
    remedies.push(`  - allow ${forbidden.join(" and ")} too: PULUMI_UTHO_ENGINE=auto`);
  }
  const message = [
    "No usable Pulumi engine. What was tried:",
    ...lines,
    "Any one of these helps:",
    ...remedies,
    "See docs/engine.md.",
  ].join("\n");
  return new EngineError("ENGINE_UNAVAILABLE", message, { tried });
}
