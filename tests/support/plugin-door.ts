import { spawn } from "node:child_process";
import { resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { engineLog } from "../../plugin/log";
import { Resources, Rows } from "../../plugin/resources";
import { serve } from "../../plugin/rpc";
import { serviceOf } from "../../plugin/service";
import { refusalOf, structOf, valuesOf } from "../../plugin/wire";
import { parseDuration } from "../../provider/duration";
import { DYNAMIC_TOKENS } from "../../provider/engine/inputs";
import { engineProgress } from "../../provider/engine/progress";
import type { GuardedProvider, Resource } from "../../provider/guard";
import { dynamicUrn, TOKENS } from "../../provider/utho/names";
import type { ProviderRuntime } from "../../provider/utho/runtime";
import { DOOR, type Door } from "./doors";
import type { Driver, Host } from "./mini-engine";
import { EngineEnd, type HostOptions, PluginHost, type Props, partialOf, type Shown } from "./plugin";

interface PluginDoorOptions {
  /** Else it runs in this one. */
  ownProcess?: boolean;
  /** Further variables of its environment. */
  env?: Record<string, string>;
}

/** Where a plugin listens, and how it ends. */
interface Running {
  address: string;
  end: () => void;
}

/**
 * Runs our plugin behind its real protocol, in this process or in others. Each operation has a plugin to itself, as in an
 * engine; a process whose operation has ended serves another one, since starting one takes a while.
 */
export class PluginDoorHost implements Host {
  private readonly busy = new Set<Running>();
  private readonly idle: Running[] = [];

  private constructor(
    private readonly engine: EngineEnd,
    private readonly home: string,
    private readonly options: PluginDoorOptions,
  ) {}

  static async open(home: string, options: PluginDoorOptions = {}): Promise<PluginDoorHost> {
    return new PluginDoorHost(await EngineEnd.start(), home, options);
  }

  get shown(): readonly Shown[] {
    return this.engine.shown.map((one) => ({ ...one, urn: dynamicUrn(one.urn) }));
  }

  get said(): readonly string[] {
    return this.engine.said;
  }

  forget(): void {
    this.engine.said.length = 0;
    this.engine.shown.length = 0;
  }

  /** @param of a provider of the same run, whichever its door */
  async begin(config: Record<string, string>, of: { run?: { engine: string } } = {}): Promise<PluginDoor> {
    const engine = of.run?.engine ?? (await this.engine.anotherAddress());
    const env = { PULUMI_HOME: this.home, ...this.options.env };
    const start = this.options.ownProcess === true ? started : served;
    const running = this.idle.pop() ?? (await start(engine, env));
    this.busy.add(running);
    const door = new PluginDoor(running.address, engine, () => {
      if (this.busy.delete(running)) this.idle.push(running);
    });
    await door.ask("attach", new PluginAttach().setAddress(engine));
    await door.configure(config);
    return door;
  }

  /** SIGKILL where it is a process. */
  kill(): void {
    for (const { end } of [...this.busy, ...this.idle.splice(0)]) end();
    this.busy.clear();
  }

  close(): void {
    this.kill();
    this.engine.close();
  }
}

async function served(engine: string, env: Record<string, string>): Promise<Running> {
  const progress = (address: string | undefined) => engineProgress(address, engineLog);
  const methods = serviceOf({ engine, env, follow: () => async () => {}, progress });
  const { port, close } = await serve("pulumirpc.ResourceProvider", methods, refusalOf);
  return { address: `127.0.0.1:${port}`, end: close };
}

async function started(engine: string, env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, [EXECUTABLE, engine], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const port = await new Promise<string>((done, fail) => {
    child.stdout.once("data", (bytes: Buffer) => done(bytes.toString().trim()));
    child.once("exit", (code) => fail(new Error(`The plugin ended with ${code} before it listened.`)));
  });
  return { address: `127.0.0.1:${port}`, end: () => void child.kill("SIGKILL") };
}

const EXECUTABLE = resolve(__dirname, "../../plugin/pulumi-resource-utho");

type Unary<Request, Answer> = (
  request: Request,
  done: (error: grpc.ServiceError | null, answer: Answer) => void,
) => unknown;

/** Drives the plugin as the engine does. URNs and inputs are given as those of the dynamic door, and come as this one's. */
export class PluginDoor implements Driver {
  private readonly client: ResourceProviderClient;
  /** `customTimeouts` by URN, which the engine gives with each call. */
  private readonly timeouts = new Map<string, Record<string, string>>();

  constructor(
    address: string,
    /** Address of the engine of its run. */
    readonly engine: string,
    private readonly end: () => void,
  ) {
    this.client = new ResourceProviderClient(address, grpc.credentials.createInsecure());
  }

  async configure(
    config: Record<string, string>,
    urn = "urn:pulumi:dev::tests::pulumi:providers:utho::default",
  ) {
    const given = Object.entries(config).map(([key, value]) => [key.replace("utho:", ""), value]);
    const args = structOf(Object.fromEntries(given));
    await this.ask("configure", new messages.ConfigureRequest().setUrn(urn).setArgs(args));
  }

  async check(urn: string, olds: Props, news: Props): Promise<Props> {
    this.timeouts.set(urn, { ...asRecord(news.timeouts) });
    const request = new messages.CheckRequest().setUrn(ours(urn)).setOlds(structOf(olds));
    const answer = await this.ask("check", request.setNews(structOf(written(news))));
    const [failure] = answer.getFailuresList();
    if (failure !== undefined) throw new Error(failure.getReason());
    return valuesOf(answer.getInputs());
  }

  async diff(urn: string, id: string, olds: Props, news: Props, oldInputs: Props = {}) {
    const request = new messages.DiffRequest().setUrn(ours(urn)).setId(id).setOldInputs(structOf(oldInputs));
    const answer = await this.ask("diff", request.setOlds(structOf(olds)).setNews(structOf(news)));
    const details: Record<string, string> = {};
    answer.getDetaileddiffMap().forEach((detail, key) => {
      const [name = ""] =
        Object.entries(messages.PropertyDiff.Kind).find(([, kind]) => kind === detail.getKind()) ?? [];
      details[key] = `${name}${detail.getInputdiff() ? " of an input" : ""}`;
    });
    return { changes: answer.getChanges() === 2, replaces: answer.getReplacesList(), details };
  }

  async create(urn: string, props: Props, preview = false): Promise<{ id: string; outs: Props }> {
    const request = new messages.CreateRequest()
      .setUrn(ours(urn))
      .setPreview(preview)
      .setTimeout(this.secondsOf(urn, "create"));
    const answer = await this.ask("create", request.setProperties(structOf(props)));
    return { id: answer.getId(), outs: valuesOf(answer.getProperties()) };
  }

  async read(urn: string, id: string, props: Props): Promise<{ id: string; outs: Props; inputs: Props }> {
    const request = new messages.ReadRequest().setUrn(ours(urn)).setId(id);
    const answer = await this.ask(
      "read",
      request.setProperties(structOf(written(props))).setInputs(new Struct()),
    );
    return {
      id: answer.getId(),
      outs: valuesOf(answer.getProperties()),
      inputs: valuesOf(answer.getInputs()),
    };
  }

  async update(urn: string, id: string, olds: Props, news: Props): Promise<Props> {
    const request = new messages.UpdateRequest()
      .setUrn(ours(urn))
      .setId(id)
      .setTimeout(this.secondsOf(urn, "update"));
    const answer = await this.ask("update", request.setOlds(structOf(olds)).setNews(structOf(news)));
    return valuesOf(answer.getProperties());
  }

  async delete(urn: string, id: string, props: Props): Promise<void> {
    const request = new messages.DeleteRequest()
      .setUrn(ours(urn))
      .setId(id)
      .setTimeout(this.secondsOf(urn, "delete"));
    await this.ask("delete", request.setProperties(structOf(props)));
  }

  async invoke(token: string, args: Props, preview = false): Promise<Props> {
    const request = new messages.InvokeRequest().setTok(token).setArgs(structOf(args)).setPreview(preview);
    return valuesOf((await this.ask("invoke", request)).getReturn());
  }

  async cancel(): Promise<void> {
    await this.ask("cancel", new Empty());
  }

  private secondsOf(urn: string, kind: string): number {
    return (parseDuration(this.timeouts.get(urn)?.[kind] ?? "") ?? 0) / 1000;
  }

  /** One request of the protocol. */
  ask<Method extends keyof Methods>(name: Method, request: Methods[Method][0]): Promise<Methods[Method][1]> {
    return new Promise((done, fail) => {
      const target: object = this.client;
      const method: Unary<Methods[Method][0], Methods[Method][1]> = Reflect.get(target, name);
      method.call(this.client, request, (error, answer) =>
        error === null ? done(answer) : fail(partialOf(error) ?? new Error(error.details)),
      );
    });
  }

  close(): void {
    this.client.close();
    this.end();
  }
}

interface Methods {
  handshake: [messages.ProviderHandshakeRequest, messages.ProviderHandshakeResponse];
  getSchema: [messages.GetSchemaRequest, messages.GetSchemaResponse];
  checkConfig: [messages.CheckRequest, messages.CheckResponse];
  configure: [messages.ConfigureRequest, messages.ConfigureResponse];
  check: [messages.CheckRequest, messages.CheckResponse];
  diff: [messages.DiffRequest, messages.DiffResponse];
  create: [messages.CreateRequest, messages.CreateResponse];
  read: [messages.ReadRequest, messages.ReadResponse];
  update: [messages.UpdateRequest, messages.UpdateResponse];
  delete: [messages.DeleteRequest, Empty];
  invoke: [messages.InvokeRequest, messages.InvokeResponse];
  construct: [messages.ConstructRequest, messages.ConstructResponse];
  cancel: [Empty, Empty];
  attach: [PluginAttach, Empty];
}

function asRecord(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([key, one]) => [key, String(one)]));
}

function ours(urn: string): string {
  return urn.replaceAll(DYNAMIC_TOKENS, TOKENS);
}

/** What a program of this door writes: none of the hidden inputs of the other one. */
function written({ resourceUrn: _urn, timeouts: _timeouts, __provider: _provider, ...others }: Props): Props {
  return others;
}

/** The host of a suite that runs through one door at a time: UTHO_DOOR=plugin runs it through the plugin. */
export function hostOf(
  home: string,
  { door = DOOR, ...options }: Partial<HostOptions> & { door?: Door } = {},
): Promise<PluginHost | PluginDoorHost> {
  if (door === "dynamic") return PluginHost.open(home, options);
  return PluginDoorHost.open(home, { ownProcess: true, env: options.env ?? {} });
}

/** Values as the engine hands them back: over the wire, and secrets in clear. */
const received = (values: Props): Props => valuesOf(structOf(values));

/** One resource through the plugin's translation alone; asked and answering as the dynamic door's provider is. */
export function throughPlugin(runtime: ProviderRuntime, kind: Resource): GuardedProvider {
  const resources = new Resources(runtime, new Rows(runtime.progress));
  const urn = `urn:pulumi:dev::life::${TOKENS}${kind}::one`;
  let limits: Record<string, string> = {};
  const timeoutOf = (operation: string) => ({
    timeout: (parseDuration(limits[operation] ?? "") ?? 0) / 1000,
  });
  return {
    configure: async () => {},
    check: async (olds, news) => {
      limits = asRecord(news.timeouts);
      const { inputs, failures } = await resources.check(urn, olds, written(news));
      return { inputs: received(inputs), failures };
    },
    diff: async (id, olds, news) => {
      const { changes, replaces } = await resources.diff(urn, id, { olds, oldInputs: {}, news });
      return { changes, replaces: [...replaces] };
    },
    create: async (inputs) => {
      const { id, outputs } = await resources.create(urn, inputs, timeoutOf("create"));
      return { id, outs: received(outputs) };
    },
    read: async (id, state) => {
      const { id: read, outputs } = await resources.read(urn, id, state, {});
      return { id: read, props: received(outputs) };
    },
    update: async (id, olds, news) => ({
      id,
      outs: received(await resources.update(urn, id, { olds, news }, timeoutOf("update"))),
    }),
    delete: (id, state) => resources.delete(urn, id, state, timeoutOf("delete")),
  };
}
