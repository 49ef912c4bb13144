import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { readDoc } from "./docs.mjs";
import { examplesSection } from "./examples.mjs";
import { fileOf, Sources } from "./sources.mjs";
import { Types } from "./types.mjs";

export const SCHEMA_FILE = "plugin/schema.json";

const INDEX = "sdk/index.ts";
const RESOURCES = ["Snapshot", "SnapshotRestore", "ServerClone", "SnapshotRotation"];
const FUNCTIONS = ["getServers", "getServer", "getSnapshots", "getSnapshot"];

/** What `pulumi import` takes; the other kinds refuse it in words of their own. */
const IMPORTS = {
  Snapshot:
    "```sh\npulumi import utho:index:Snapshot web 1001/5001\n```\n\nThe id is `<cloudId>/<snapshotId>`.",
};

/** The schema as it stands in its file. */
export function schemaText(root) {
  return `${JSON.stringify(schemaOf(root), undefined, 2)}\n`;
}

/** Pulumi's schema of the package, from the types and doc comments of sdk/, package.json and docs/configuration.md. */
export function schemaOf(root, manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))) {
  const sources = new Sources(root);
  const types = new Types(sources, RESOURCES);
  const resources = RESOURCES.map((name) => [`utho:index:${name}`, resourceOf(sources, types, name)]);
  const functions = FUNCTIONS.map((name) => [`utho:index:${name}`, functionOf(sources, types, name)]);
  const provider = providerOf(sources, types);
  return {
    ...headOf(manifest),
    config: { variables: settingsOf(root, provider) },
    provider,
    types: Object.fromEntries(Object.entries(types.named).sort(([a], [b]) => (a < b ? -1 : 1))),
    resources: Object.fromEntries(resources),
    functions: Object.fromEntries(functions),
  };
}

/** What is said of the package as a whole. Where the repository has no address yet, nothing names one. */
function headOf({ version, description, license, author, keywords, repository }) {
  const address = repository?.url.replace(/^git\+|\.git$/g, "");
  const path = address?.replace(/^https?:\/\//, "") ?? "pulumi-utho.invalid";
  const releases = address?.replace("https://github.com/", "github://api.github.com/");
  const places = {
    ...(address === undefined ? {} : { homepage: address, repository: address }),
    ...(releases === address ? {} : { pluginDownloadURL: releases }),
  };
  const respectSchemaVersion = true;
  return {
    name: "utho",
    displayName: "Utho",
    version,
    description,
    keywords: [...keywords.filter((word) => word !== "dynamic-provider"), "category/cloud", "kind/native"],
    license,
    publisher: author,
    ...places,
    language: {
      nodejs: { packageName: "pulumi-utho-sdk", respectSchemaVersion },
      python: {
        packageName: "pulumi_utho_snapshots",
        readme: description,
        pyproject: { enabled: true },
        respectSchemaVersion,
      },
      go: {
        importBasePath: `${path}/sdk/go/utho`,
        generateResourceContainerTypes: true,
        respectSchemaVersion,
      },
      csharp: { rootNamespace: "PulumiUtho", respectSchemaVersion },
      java: { basePackage: "pulumiutho", buildFiles: "gradle" },
    },
  };
}

function resourceOf(sources, types, name) {
  const declared = sources.exported(INDEX, name);
  const outputs = declared.members.filter(ts.isPropertyDeclaration);
  const args = sources.declaration(fileOf(declared), `${name}Args`);
  const { properties, required } = types.properties(outputs, "output");
  const inputs = types.properties([...args.members], "input");
  return {
    description: descriptionOf(declared, IMPORTS[name]),
    properties,
    required,
    inputProperties: inputs.properties,
    requiredInputs: inputs.required,
    aliases: [{ type: dynamicTypeOf(sources, declared) }],
  };
}

/** With this alias the engine takes a resource of the dynamic provider for the same one. */
function dynamicTypeOf(sources, declared) {
  const made = /super\(\s*(\w+_TYPE)/.exec(declared.getText())?.[1];
  return sources.declaration(fileOf(declared), made).initializer.text;
}

function functionOf(sources, types, name) {
  const declared = sources.exported(INDEX, name);
  const [args] = declared.parameters;
  const filters = types.membersBehind(args.type);
  const found = types.membersBehind(declared.type.typeArguments[0]);
  const outputs = types.properties(found, "output");
  return {
    description: descriptionOf(declared),
    inputs: { type: "object", properties: types.properties(filters, "input").properties },
    outputs: { type: "object", ...outputs },
  };
}

function providerOf(sources, types) {
  const declared = sources.exported(INDEX, "Provider");
  const args = sources.declaration(fileOf(declared), "ProviderArgs");
  const { properties, required } = types.properties([...args.members], "input");
  return { description: descriptionOf(declared), inputProperties: properties, requiredInputs: required };
}

/** The stack's settings: the table of docs/configuration.md, which a test holds to the code. */
function settingsOf(root, provider) {
  const page = readFileSync(join(root, "docs/configuration.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `utho:"));
  const variables = rows.map((row) => {
    const [, name, variable, byDefault, meaning] = row.split("|").map((cell) => cell.trim());
    const key = name.slice("`utho:".length, -1);
    const { type, secret } = provider.inputProperties[key];
    const environment = [...variable.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    const text = meaning.replace(/\[([^\]]+)\]\([^)]*\)/g, "$1");
    return [
      key,
      {
        type,
        description: `${text}\n\nDefault: ${byDefault}`,
        ...(secret ? { secret } : {}),
        ...(environment.length > 0 ? { defaultInfo: { environment } } : {}),
      },
    ];
  });
  return Object.fromEntries(variables);
}

function descriptionOf(declared, importing) {
  const doc = readDoc(declared);
  const parts = [doc.text, examplesSection(doc.examples), importing && `## Import\n\n${importing}`];
  return parts.filter((part) => part).join("\n\n");
}
