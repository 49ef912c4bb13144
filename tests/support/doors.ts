import { resolve } from "node:path";

/** The two ways into the engine: the classes of this package, and its provider plugin. */
export const DOORS = ["dynamic", "plugin"] as const;
export type Door = (typeof DOORS)[number];

/** Whether every case is tried through both doors; else the plugin's has a chosen part, since CI pays for it. */
export const EVERY_DOOR = process.env.UTHO_KILL_EVERY !== undefined || process.env.UTHO_DOOR !== undefined;

/** The door of suites that run through one at a time: UTHO_DOOR=plugin runs them all through the plugin. */
export const DOOR: Door = process.env.UTHO_DOOR === "plugin" ? "plugin" : "dynamic";

/** In the command line of a provider's process, whichever door it serves. */
export const PLUGIN_COMMANDS = /dynamic-provider|pulumi-resource-utho/;

/** Cases with the door through which each is tried: through both, or of the plugin's the `chosen` ones. */
export function throughDoors<Case>(
  cases: readonly Case[],
  chosen: (one: Case) => boolean,
): (Case & { door: Door })[] {
  return DOORS.flatMap((door) =>
    cases.filter((one) => door === "dynamic" || EVERY_DOOR || chosen(one)).map((one) => ({ ...one, door })),
  );
}

/** The plugin's classes under a name in a program, as a generated SDK has them. */
export const classesOfPlugin = (name: string): string => `
const ${name} = Object.fromEntries(["Snapshot", "SnapshotRestore", "ServerClone", "SnapshotRotation"].map((kind) => {
  const { properties } = require("${resolve(__dirname, "../../plugin/schema.json")}").resources["utho:index:" + kind];
  const outputs = Object.fromEntries(Object.keys(properties).map((key) => [key, undefined]));
  return [kind, class extends pulumi.CustomResource {
    constructor(name, args, opts) {
      const aliases = [{ type: "pulumi-nodejs:dynamic/utho:" + kind }];
      super("utho:index:" + kind, name, { ...outputs, ...args }, pulumi.mergeOptions(opts, { aliases }));
    }
    static get(name, id, opts) {
      return new this(name, {}, { ...opts, id });
    }
  }];
}));
${name}.Provider = class extends pulumi.ProviderResource {
  constructor(name, args, opts) {
    super("utho", name, args, opts);
  }
};
for (const call of ["getServer", "getServers", "getSnapshot", "getSnapshots"]) {
  const token = "utho:index:" + call;
  ${name}[call] = (filters = {}, options) => pulumi.runtime.invoke(token, filters, options);
  ${name}[call + "Output"] = (filters = {}, options) => pulumi.runtime.invokeOutput(token, filters, options);
}
`;
