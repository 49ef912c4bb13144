import { createRequire } from "node:module";
import type { RawInputs } from "./inputs";
import { hasUnknown } from "./values";

/**
 * Says on a resource's own row what is going on. The engine's log service is an undocumented door (its address is the
 * plugin's first argument), so everything here is guarded: where it is missing, there is silence.
 */
export interface Progress {
  /** Shown in the resource's row while the operation runs; leaves nothing behind. */
  status(text: string): void;
  /** Stays under the resource in the diagnostics. */
  warn(text: string): void;
  info(text: string): void;
  /** Waits until the engine has what was said, so that a warning is not lost when the process ends. */
  flush(): Promise<void>;
}

export type ProgressFactory = (urn: string | undefined) => Progress;

export const silentProgress: Progress = {
  status: () => {},
  warn: () => {},
  info: () => {},
  flush: async () => {},
};

type Severity = "INFO" | "WARNING";
/** Says something to the engine; an ephemeral text is shown for a while in the row of its URN. */
export type Send = (severity: Severity, text: string, urn: string, ephemeral: boolean) => Promise<void>;
/** What speaks to the engine at an address; a message that it does not take in time is given up. */
type Connect = (address: string, patienceMs: number) => Send;

/** Where the engine that started this plugin process listens; `undefined` outside a plugin. */
export function engineAddress(argv: readonly string[]): string | undefined {
  return argv.slice(2).find((one) => /^[\w.[\]-]+:\d+$/.test(one));
}

export function engineProgress(
  address: string | undefined,
  connect: Connect = throughPulumi,
): ProgressFactory {
  let connected: Send | undefined;
  // Most operations have nothing to say.
  const send: Send = async (severity, text, urn, ephemeral) => {
    if (address === undefined) return;
    try {
      connected ??= connect(address, PATIENCE_MS);
      // Names come from the cloud and may hold anything, escape sequences included.
      await connected(severity, text.replace(/\p{Cc}+/gu, " "), urn, ephemeral);
    } catch {
      // An engine without this door hears nothing.
    }
  };
  return (urn) => new RowProgress(send, urn ?? "");
}

/** A message that the engine does not take within this time is given up: it must never hold an operation up. */
const PATIENCE_MS = 2_000;

/** A row shows one status at a time, and no one reads more of them than this. Each costs the engine a message. */
const STATUS_PAUSE_MS = 250;

class RowProgress implements Progress {
  private last = "";
  private statusAt = Number.NEGATIVE_INFINITY;
  private coming: NodeJS.Timeout | undefined;
  private inFlight = new Set<Promise<void>>();

  constructor(
    private readonly send: Send,
    private readonly urn: string,
  ) {}

  status(text: string): void {
    if (this.urn === "" || text === this.last) return;
    this.last = text;
    const pause = this.statusAt + STATUS_PAUSE_MS - Date.now();
    if (pause <= 0) this.sendStatus();
    else this.coming ??= setTimeout(() => this.sendStatus(), pause).unref();
  }

  /** The latest; what it has overtaken is never sent. */
  private sendStatus(): void {
    clearTimeout(this.coming);
    this.coming = undefined;
    this.statusAt = Date.now();
    this.track(this.send("INFO", this.last, this.urn, true));
  }

  warn(text: string): void {
    this.track(this.send("WARNING", text, this.urn, false));
  }

  info(text: string): void {
    this.track(this.send("INFO", text, this.urn, false));
  }

  async flush(): Promise<void> {
    if (this.coming !== undefined) this.sendStatus();
    await Promise.all(this.inFlight);
  }

  private track(sent: Promise<void>): void {
    this.inFlight.add(sent);
    void sent.finally(() => this.inFlight.delete(sent));
  }
}

/** The parts of the engine's generated gRPC client that are used here. */
interface LogRequest {
  setSeverity(severity: unknown): void;
  setMessage(text: string): void;
  setUrn(urn: string): void;
  setEphemeral(ephemeral: boolean): void;
}
interface Modules {
  grpc: { credentials: { createInsecure(): unknown }; Metadata: new () => unknown };
  client: {
    EngineClient: new (
      address: string,
      credentials: unknown,
    ) => {
      log(request: LogRequest, metadata: unknown, options: { deadline: number }, done: () => void): void;
    };
  };
  messages: { LogRequest: new () => LogRequest; LogSeverity: Record<Severity, unknown> };
}

/** gRPC is Pulumi's dependency, not ours: under pnpm only Pulumi itself can resolve it. */
const throughPulumi: Connect = (address, patienceMs) => {
  const load = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc: Modules["grpc"] = load("@grpc/grpc-js");
  const client: Modules["client"] = load("@pulumi/pulumi/proto/engine_grpc_pb");
  const messages: Modules["messages"] = load("@pulumi/pulumi/proto/engine_pb");
  const engine = new client.EngineClient(address, grpc.credentials.createInsecure());
  return (severity, text, urn, ephemeral) =>
    new Promise((resolve) => {
      const request = new messages.LogRequest();
      request.setSeverity(messages.LogSeverity[severity]);
      request.setMessage(text);
      request.setUrn(urn);
      request.setEphemeral(ephemeral);
      engine.log(request, new grpc.Metadata(), { deadline: Date.now() + patienceMs }, () => resolve());
    });
};

/**
 * What a replacement removes, in one sentence. `retainOnDelete` counts as the state has it, which the provider does not
 * see.
 * @param what what is removed, as the subject of the sentence, for example "Snapshot 1001/5001 (golden)"
 * @param verb for example "is deleted"
 * @param because the inputs that force the replacement
 */
export function replacementText(
  what: string,
  verb: string,
  because: readonly string[],
  news: RawInputs,
): string {
  // A resource that failed before it was ever ready is replaced for its status, which is no input.
  const reason = because.map((key) => (key === "status" ? "it failed" : key)).join(", ");
  if (because.every((key) => hasUnknown(news[key]))) {
    return `Not known before the update: ${reason}. If it changes, ${what} ${verb}, unless retainOnDelete was set before.`;
  }
  return `${what} ${verb} by this replacement (${reason}), unless retainOnDelete was set before.`;
}
