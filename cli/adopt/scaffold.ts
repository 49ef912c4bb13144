import { randomUUID } from "node:crypto";
import { SECRET, SIGNATURE } from "../../provider/engine/values";
import { SNAPSHOT_TYPE } from "../../sdk/forwarder";
import type { ConfigValue } from "../stack/account";
import type { StackState } from "../stack/state";
import { logicalNameOf } from "../stack/urn";

const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";

/** What the adopted resources hang on: the stack's own resource and the dynamic provider, and what must be added first. */
export interface Scaffold {
  stackUrn: string;
  /** Reference to the provider: `<urn>::<id>`. */
  provider: string;
  added: object[];
}

/**
 * Finds both in the state, or makes them as the engine would. The engine keeps the configuration in the provider's
 * entry, and a refresh takes it from there; a secret is handed over in clear and encrypted by `pulumi stack import`.
 */
export function scaffoldOf(
  { entries }: StackState,
  identity: { project: string; stack: string },
  config: ReadonlyMap<string, ConfigValue>,
  now: number,
): Scaffold {
  const { project, stack } = identity;
  const head = `urn:pulumi:${stack}::${project}`;
  const time = { created: new Date(now).toISOString(), modified: new Date(now).toISOString() };
  const present = entries.find(({ type }) => type === STACK_TYPE);
  const stackUrn = present?.urn ?? `${head}::${STACK_TYPE}::${project}-${stack}`;
  const root = { urn: stackUrn, custom: false, type: STACK_TYPE, ...time };
  const added: object[] = present === undefined ? [root] : [];
  const provider = providerIn(entries);
  if (provider !== undefined) return { stackUrn, provider, added };
  const urn = `${head}::${PROVIDER_TYPE}::default`;
  const id = randomUUID();
  const settings = settingsOf(config);
  added.push({ urn, custom: true, id, type: PROVIDER_TYPE, inputs: settings, outputs: settings, ...time });
  return { stackUrn, provider: `${urn}::${id}`, added };
}

/** The one that the stack's snapshots have, else the default one that other dynamic resources have. */
function providerIn(entries: StackState["entries"]): string | undefined {
  const ours = entries.find(({ type, provider }) => type === SNAPSHOT_TYPE && isDefault(provider ?? ""));
  if (ours !== undefined) return ours.provider;
  const entry = entries.find((one) => one.type === PROVIDER_TYPE && !one.delete && isDefault(one.urn));
  return entry === undefined ? undefined : `${entry.urn}::${entry.id}`;
}

/** Of the providers that a program may make itself, none is asked for by a resource that names none. */
function isDefault(urn: string): boolean {
  return logicalNameOf(urn).startsWith("default");
}

function settingsOf(config: ReadonlyMap<string, ConfigValue>): Record<string, unknown> {
  const ours = [...config].filter(([key]) => key.startsWith("utho:"));
  return Object.fromEntries(
    ours.map(([key, { value, secret }]) => [
      key,
      secret ? { [SIGNATURE]: SECRET, plaintext: JSON.stringify(value) } : value,
    ]),
  );
}
