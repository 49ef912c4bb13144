import { isDeepStrictEqual } from "node:util";
import { PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Lifeline } from "../provider/engine/lifeline";
import type { ProgressFactory } from "../provider/engine/progress";
import { ProviderRuntime } from "../provider/utho/runtime";
import { problemsWith, sourceOf } from "./configuration";
import { withSecrets } from "./kinds";
import { lookUp } from "./lookups";
import { type Differences, Resources, Rows } from "./resources";
import { type Methods, unary } from "./rpc";
import schema from "./schema.json";
import { structOf, valuesOf } from "./wire";

/** What a plugin is started with. */
interface Start {
  /** Address of its engine; `undefined` where it is attached later. */
  engine: string | undefined;
  env: NodeJS.ProcessEnv;
  /** Ends the process with the engine at an address. */
  follow: (engine: string | undefined) => Lifeline;
  /** Rows of the engine at an address. */
  progress: (engine: string | undefined) => ProgressFactory;
}

/** One provider: what its Configure has made. */
interface Configured {
  runtime: ProviderRuntime;
  resources: Resources;
}

/** The methods of Pulumi's provider protocol, for one engine. What is not here is answered "Unimplemented". */
export function serviceOf(start: Start): Methods {
  const door = new Door(start);
  return { ...ofThePlugin(door), ...ofTheProvider(door), ...thatAsk(door), ...thatWrite(door) };
}

/** One plugin process: its engine, and the provider that the engine has configured. */
class Door {
  engine: string | undefined;
  private configured: Configured | undefined;

  constructor(private readonly start: Start) {
    this.engine = start.engine;
  }

  configure(urn: string, args: Record<string, unknown>): void {
    const { env, follow, progress } = this.start;
    const { engine } = this;
    const rows = new Rows(progress(engine));
    const runtime = new ProviderRuntime({ engine, env, lifeline: follow(engine), progress: rows.factory });
    runtime.configure(sourceOf(urn, args, env));
    this.configured = { runtime, resources: new Resources(runtime, rows) };
  }

  provider(): Configured {
    if (this.configured === undefined) throw new Error("The engine has not configured this provider.");
    return this.configured;
  }

  resources(): Resources {
    return this.provider().resources;
  }

  cancel(): void {
    this.configured?.runtime.cancel();
  }
}

function ofThePlugin(door: Door): Methods {
  return {
    Handshake: unary(messages.ProviderHandshakeRequest, (request) => {
      door.engine ??= request.getEngineAddress() || undefined;
      return new messages.ProviderHandshakeResponse().setAcceptSecrets(false);
    }),
    Attach: unary(PluginAttach, (request) => {
      door.engine = request.getAddress();
      return new Empty();
    }),
    GetPluginInfo: unary(Empty, () => new PluginInfo().setVersion(schema.version)),
    GetSchema: unary(messages.GetSchemaRequest, () =>
      new messages.GetSchemaResponse().setSchema(JSON.stringify(schema)),
    ),
    Cancel: unary(Empty, () => {
      door.cancel();
      return new Empty();
    }),
  };
}

function ofTheProvider(door: Door): Methods {
  return {
    CheckConfig: unary(messages.CheckRequest, (request) => {
      const news = withSecrets({ ...request.getNews()?.toJavaScript() });
      const answer = new messages.CheckResponse().setInputs(structOf(news));
      for (const reason of problemsWith(request.getUrn(), valuesOf(request.getNews())))
        answer.addFailures(new messages.CheckFailure().setReason(reason));
      return answer;
    }),
    // No value of a provider replaces a resource.
    DiffConfig: unary(messages.DiffRequest, (request) => {
      const same = isDeepStrictEqual(valuesOf(request.getOlds()), valuesOf(request.getNews()));
      return new messages.DiffResponse().setChanges(changesOf(!same));
    }),
    Configure: unary(messages.ConfigureRequest, (request) => {
      door.configure(request.getUrn() ?? "::default", valuesOf(request.getArgs()));
      return new messages.ConfigureResponse().setAcceptsecrets(false).setSupportspreview(true);
    }),
    Invoke: unary(messages.InvokeRequest, async (request) => {
      const filters = valuesOf(request.getArgs());
      const { runtime } = door.provider();
      const found = await lookUp(runtime, request.getTok(), filters, request.getPreview());
      return new messages.InvokeResponse().setReturn(structOf(found));
    }),
  };
}

function thatAsk(door: Door): Methods {
  return {
    Check: unary(messages.CheckRequest, async (request) => {
      const { inputs, failures } = await door
        .resources()
        .check(request.getUrn(), valuesOf(request.getOlds()), valuesOf(request.getNews()));
      const answer = new messages.CheckResponse().setInputs(structOf(inputs));
      for (const { property, reason } of failures)
        answer.addFailures(new messages.CheckFailure().setProperty(property).setReason(reason));
      return answer;
    }),
    Diff: unary(messages.DiffRequest, async (request) => {
      const olds = valuesOf(request.getOlds());
      const states = { olds, oldInputs: valuesOf(request.getOldInputs()), news: valuesOf(request.getNews()) };
      return answered(await door.resources().diff(request.getUrn(), request.getId(), states));
    }),
    Read: unary(messages.ReadRequest, async (request) => {
      const { id, outputs, inputs } = await door
        .resources()
        .read(
          request.getUrn(),
          request.getId(),
          valuesOf(request.getProperties()),
          valuesOf(request.getInputs()),
        );
      return new messages.ReadResponse()
        .setId(id)
        .setProperties(structOf(outputs))
        .setInputs(structOf(inputs));
    }),
  };
}

function thatWrite(door: Door): Methods {
  return {
    Create: unary(messages.CreateRequest, async (request) => {
      const options = { timeout: request.getTimeout(), preview: request.getPreview() };
      const made = await door
        .resources()
        .create(request.getUrn(), valuesOf(request.getProperties()), options);
      return new messages.CreateResponse().setId(made.id).setProperties(structOf(made.outputs));
    }),
    Update: unary(messages.UpdateRequest, async (request) => {
      const states = { olds: valuesOf(request.getOlds()), news: valuesOf(request.getNews()) };
      const options = { timeout: request.getTimeout(), preview: request.getPreview() };
      const outputs = await door.resources().update(request.getUrn(), request.getId(), states, options);
      return new messages.UpdateResponse().setProperties(structOf(outputs));
    }),
    Delete: unary(messages.DeleteRequest, async (request) => {
      const state = valuesOf(request.getProperties());
      await door
        .resources()
        .delete(request.getUrn(), request.getId(), state, { timeout: request.getTimeout() });
      return new Empty();
    }),
  };
}

function changesOf(some: boolean): messages.DiffResponse.DiffChanges {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  return some ? DIFF_SOME : DIFF_NONE;
}

function answered({ changes, replaces, details }: Differences): messages.DiffResponse {
  const answer = new messages.DiffResponse()
    .setChanges(changesOf(changes))
    .setReplacesList([...replaces])
    .setDiffsList([...details.keys()])
    .setHasdetaileddiff(details.size > 0);
  for (const [property, { kind, isInput }] of details)
    answer
      .getDetaileddiffMap()
      .set(property, new messages.PropertyDiff().setKind(kind).setInputdiff(isInput));
  return answer;
}
