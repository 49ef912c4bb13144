import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";

/** Pulumi's generated modules and gRPC, as Pulumi itself resolves them. */
const ofPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));

interface JsonStruct {
  toJavaScript(): Record<string, unknown>;
}
interface Answer {
  getInputs(): JsonStruct;
  getProperties(): JsonStruct | undefined;
  getFailuresList(): { getProperty(): string; getReason(): string }[];
  getChanges(): number;
  getReplacesList(): string[];
  getId(): string;
}
type Done = (error: RpcError | null, answer: Answer) => void;
type RpcError = Error & { details: string; metadata: { get(key: string): (string | Buffer)[] } };
type Request = Record<string, (value: unknown) => void>;
type Call = (request: Request, done: Done) => void;

const grpc: {
  credentials: { createInsecure(): unknown };
  Server: new () => GrpcServer;
  ServerCredentials: { createInsecure(): unknown };
} = ofPulumi("@grpc/grpc-js");
interface GrpcServer {
  addService(service: unknown, handlers: Record<string, unknown>): void;
  bindAsync(address: string, credentials: unknown, done: (error: Error | null, port: number) => void): void;
  forceShutdown(): void;
}
const providerMessages: Record<string, new () => Request> = ofPulumi("@pulumi/pulumi/proto/provider_pb");
const {
  ResourceProviderClient,
}: {
  ResourceProviderClient: new (
    address: string,
    credentials: unknown,
  ) => Record<string, Call> & { close(): void };
} = ofPulumi("@pulumi/pulumi/proto/provider_grpc_pb");
const { Struct }: { Struct: { fromJavaScript(value: object): unknown } } = ofPulumi(
  "google-protobuf/google/protobuf/struct_pb",
);
const {
  Status,
}: {
  Status: { deserializeBinary(bytes: Uint8Array): { getDetailsList(): { getValue_asU8(): Uint8Array }[] } };
} = ofPulumi("@pulumi/pulumi/proto/status_pb");
const {
  ErrorResourceInitFailed,
}: {
  ErrorResourceInitFailed: {
    deserializeBinary(bytes: Uint8Array): { getId(): string; getProperties(): JsonStruct };
  };
} = ofPulumi("@pulumi/pulumi/proto/provider_pb");
const engineService: { EngineService: unknown } = ofPulumi("@pulumi/pulumi/proto/engine_grpc_pb");
const { Empty }: { Empty: new () => unknown } = ofPulumi("google-protobuf/google/protobuf/empty_pb");

import { SNAPSHOT_FORWARDER } from "../../sdk/forwarder";

export type Props = Record<string, unknown>;

/** A failed create or update that names the id of what exists. */
export class PartialError extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly properties: Props,
  ) {
    super(message);
  }
}

interface LogCall {
  request: { getMessage(): string; getEphemeral(): boolean; getUrn(): string };
}

/** What the engine shows for a while in a resource's row, and keeps nowhere. */
export interface Shown {
  urn: string;
  text: string;
}

/** What the engine hears from its plugins; only the log is of interest here. */
export class EngineEnd {
  private constructor(
    private readonly server: GrpcServer,
    readonly address: string,
    /** Warnings and notes that stay. */
    readonly said: string[],
    /** Progress. */
    readonly shown: Shown[],
  ) {}

  static async start(): Promise<EngineEnd> {
    const server = new grpc.Server();
    const said: string[] = [];
    const shown: Shown[] = [];
    const log = (call: LogCall, done: (error: null, value: unknown) => void): void => {
      const { request } = call;
      if (request.getEphemeral()) shown.push({ urn: request.getUrn(), text: request.getMessage() });
      else said.push(request.getMessage());
      done(null, new Empty());
    };
    server.addService(engineService.EngineService, { log });
    return new EngineEnd(server, await listen(server), said, shown);
  }

  /** Another address of this end, as the engine of another run has it. */
  anotherAddress(): Promise<string> {
    return listen(this.server);
  }

  close(): void {
    this.server.forceShutdown();
  }
}

async function listen(server: GrpcServer): Promise<string> {
  const port = await new Promise<number>((done, fail) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? done(bound) : fail(error),
    );
  });
  return `127.0.0.1:${port}`;
}

/** What a plugin is started with. */
export interface HostOptions {
  /** Which resource's provider its operations load; default: that of Snapshot. */
  forwarder: string;
  /** Further variables of its environment. */
  env: Record<string, string>;
}

/**
 * Starts Pulumi's real dynamic provider plugin, and keeps the process for the next operation unless it was killed:
 * starting one takes half a second. Each operation makes new providers, as a new process would.
 */
export class PluginHost {
  private process: Promise<{ child: ChildProcess; address: string }> | undefined;
  private generation = 0;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly engine: EngineEnd,
    private readonly home: string,
    private readonly options: HostOptions,
  ) {}

  static async open(home: string, options: Partial<HostOptions> = {}): Promise<PluginHost> {
    return new PluginHost(await EngineEnd.start(), home, {
      forwarder: SNAPSHOT_FORWARDER,
      env: {},
      ...options,
    });
  }

  /** A second process for plugins of the same engine, as it runs one for each version and each explicit provider. */
  beside(): PluginHost {
    return new PluginHost(this.engine, this.home, this.options);
  }

  /** What the provider said to the engine since the last `forget`. */
  get said(): readonly string[] {
    return this.engine.said;
  }

  /** Progress on the resources' rows since the last `forget`. */
  get shown(): readonly Shown[] {
    return this.engine.shown;
  }

  forget(): void {
    this.engine.said.length = 0;
    this.engine.shown.length = 0;
  }

  /**
   * The plugin for one operation. Several may run at the same time, but they begin one after the other: the process
   * keeps one configuration, and a provider takes it when it is loaded.
   * @param of the forwarder of another resource; a plugin of the same run
   */
  begin(config: Record<string, string>, of: Partial<RunOptions> = {}): Promise<Plugin> {
    const begun = this.turn.then(() => this.prepare(config, of));
    this.turn = begun.catch(() => {});
    return begun;
  }

  private async prepare(config: Record<string, string>, of: Partial<RunOptions>): Promise<Plugin> {
    this.process ??= this.start();
    const { address } = await this.process;
    this.generation += 1;
    const engine = of.run?.engine ?? (await this.engine.anotherAddress());
    const start = `${PURGE} process.argv[2] = "${engine}";`;
    const fresh = `${start} ${of.forwarder ?? this.options.forwarder} // ${this.generation}`;
    const plugin = new Plugin(address, fresh, engine);
    await plugin.configure(config);
    await plugin.load();
    return plugin;
  }

  /** SIGKILL: no warning, no last words. */
  kill(): void {
    void this.process?.then(({ child }) => child.kill("SIGKILL"));
    this.process = undefined;
  }

  close(): void {
    this.kill();
    this.engine.close();
  }

  private async start(): Promise<{ child: ChildProcess; address: string }> {
    const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const child = spawn(process.execPath, ["--require", LEAN, script, this.engine.address], {
      cwd: resolve(__dirname, "../.."),
      env: { ...process.env, PULUMI_HOME: this.home, ...this.options.env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const port = await new Promise<string>((done, fail) => {
      child.stdout?.once("data", (bytes: Buffer) => done(bytes.toString().trim()));
      child.once("exit", (code) => fail(new Error(`The plugin ended with ${code} before it listened.`)));
    });
    return { child, address: `127.0.0.1:${port}` };
  }
}

/** What an operation is a part of. */
interface RunOptions {
  forwarder: string;
  run: Pick<Plugin, "engine">;
}

/** Makes the plugin start in less than half the time. */
const LEAN = resolve(__dirname, "lean-plugin.cjs");

/**
 * Comes before the real forwarder: a purge of the module that holds the providers and all that they remember. What else
 * there is belongs to the process, as the lifeline, or remembers nothing.
 */
const PURGE = [
  "for (const file of Object.keys(require.cache))",
  String.raw`if (/dist[\\/]provider[\\/]index\.js$/.test(file)) delete require.cache[file];`,
].join(" ");

/** One operation's view of the plugin process, driven as the engine drives it, without the engine's own time. */
export class Plugin {
  private readonly client: Record<string, Call> & { close(): void };

  constructor(
    address: string,
    private readonly forwarder: string,
    /** Address of the engine of its run. */
    readonly engine: string,
  ) {
    this.client = new ResourceProviderClient(address, grpc.credentials.createInsecure());
  }

  async configure(config: Record<string, string>): Promise<void> {
    await this.call(
      "configure",
      new Message("ConfigureRequest", this.forwarder).set("Args", Struct.fromJavaScript(config)),
    );
  }

  /** Has the provider loaded, by a call that does nothing else. */
  async load(): Promise<void> {
    const news = Struct.fromJavaScript({ __provider: this.forwarder });
    await this.call(
      "check",
      new Message("CheckRequest", this.forwarder).set("News", news).struct("Olds", {}),
    );
  }

  async check(urn: string, olds: Props, news: Props): Promise<Props> {
    const answer = await this.call(
      "check",
      new Message("CheckRequest", this.forwarder).set("Urn", urn).struct("Olds", olds).struct("News", news),
    );
    const [failure] = answer.getFailuresList();
    if (failure !== undefined) throw new Error(failure.getReason());
    return answer.getInputs().toJavaScript();
  }

  async diff(
    urn: string,
    id: string,
    olds: Props,
    news: Props,
  ): Promise<{ changes: boolean; replaces: string[] }> {
    const answer = await this.call(
      "diff",
      new Message("DiffRequest", this.forwarder)
        .set("Urn", urn)
        .set("Id", id)
        .struct("Olds", olds)
        .struct("News", news),
    );
    return { changes: answer.getChanges() === 2, replaces: answer.getReplacesList() };
  }

  async create(urn: string, props: Props): Promise<{ id: string; outs: Props }> {
    const answer = await this.call(
      "create",
      new Message("CreateRequest", this.forwarder).set("Urn", urn).struct("Properties", props),
    );
    return { id: answer.getId(), outs: answer.getProperties()?.toJavaScript() ?? {} };
  }

  async read(urn: string, id: string, props: Props): Promise<{ id: string; outs: Props }> {
    const answer = await this.call(
      "read",
      new Message("ReadRequest", this.forwarder).set("Urn", urn).set("Id", id).struct("Properties", props),
    );
    return { id: answer.getId(), outs: answer.getProperties()?.toJavaScript() ?? {} };
  }

  async update(urn: string, id: string, olds: Props, news: Props): Promise<Props> {
    const answer = await this.call(
      "update",
      new Message("UpdateRequest", this.forwarder)
        .set("Urn", urn)
        .set("Id", id)
        .struct("Olds", olds)
        .struct("News", news),
    );
    return answer.getProperties()?.toJavaScript() ?? {};
  }

  async delete(urn: string, id: string, props: Props): Promise<void> {
    await this.call(
      "delete",
      new Message("DeleteRequest", this.forwarder).set("Urn", urn).set("Id", id).struct("Properties", props),
    );
  }

  close(): void {
    this.client.close();
  }

  private call(method: string, message: Message): Promise<Answer> {
    return new Promise((done, fail) => {
      const call = this.client[method];
      if (call === undefined) throw new Error(`The plugin has no method ${method}.`);
      call.call(this.client, message.request, (error, answer) => {
        if (error === null) done(answer);
        else fail(partialOf(error) ?? new Error(error.details));
      });
    });
  }
}

/** A request under construction; the generated setters are called by name. */
class Message {
  readonly request: Request;

  constructor(
    kind: string,
    private readonly forwarder: string,
  ) {
    const Kind = providerMessages[kind];
    if (Kind === undefined) throw new Error(`There is no message ${kind}.`);
    this.request = new Kind();
  }

  set(field: string, value: unknown): this {
    this.request[`set${field}`]?.(value);
    return this;
  }

  struct(field: string, value: Props): this {
    const withForwarder = Object.keys(value).length === 0 ? value : { ...value, __provider: this.forwarder };
    return this.set(field, Struct.fromJavaScript(withForwarder));
  }
}

/** The failure with the id of what exists, where the error is one. */
export function partialOf(error: RpcError): PartialError | undefined {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (!(bytes instanceof Buffer)) return undefined;
  const [detail] = Status.deserializeBinary(new Uint8Array(bytes)).getDetailsList();
  if (detail === undefined) return undefined;
  const failed = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return new PartialError(error.details, failed.getId(), failed.getProperties().toJavaScript());
}
