import type { ProgramKind } from "./matrix";

/** What a program of each kind consists of, besides package.json's dependencies. */
export interface ProgramFiles {
  packageJson: Record<string, unknown>;
  /** Further development dependencies. */
  needs: Record<string, string>;
  files: Record<string, string>;
}

/**
 * The same program in all kinds: look-ups of both forms, a component with two resources of which one uses the other, and
 * on which versions it ran. The rotation is paused, so that the cloud holds one snapshot.
 */
const PROGRAM = `
export const node = process.versions.node.split(".")[0];
export const sdk = pulumiVersion;
const server = utho.getServerOutput({ name: "web-1" });
const backups = new pulumi.ComponentResource("shop:index:Backups", "backups");
const snapshot = new utho.Snapshot("web", { cloudId: server.cloudId, triggers: ["v1"] }, { parent: backups });
const sister = new utho.SnapshotRotation("sister", { cloudId: server.cloudId, every: "24h", keep: { last: 1 },
  paused: true, namePrefix: pulumi.concat("after-", snapshot.snapshotId) }, { parent: backups });
export const prefixes = sister.prefixes;
export const id = snapshot.id;
export const found = utho.getSnapshotOutput({ cloudId: "1001", name: snapshot.name }).sizeGb;
export const databases = utho.getServers({ nameRegex: "^db-" }).then(({ servers }) => servers.length);
`;

const COMMONJS = `
const pulumi = require("@pulumi/pulumi");
const utho = require("pulumi-utho");
const pulumiVersion = require("@pulumi/pulumi/package.json").version;
${PROGRAM.replace(/^export const (\w+) =/gm, "const $1 = exports.$1 =")}`;

const ESM = `
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";
import { Snapshot } from "pulumi-utho";
if (Snapshot !== utho.Snapshot) throw new Error("named and namespace imports differ");
const pulumiVersion = createRequire(import.meta.url)("@pulumi/pulumi/package.json").version;
${PROGRAM}`;

const TYPESCRIPT = `
import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";
const pulumiVersion: string = require("@pulumi/pulumi/package.json").version;
${PROGRAM}
export const typed: pulumi.Output<string> = snapshot.snapshotId;
`;

/** As `pulumi new typescript` writes it. */
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    outDir: "bin",
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    sourceMap: true,
    experimentalDecorators: true,
    pretty: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    forceConsistentCasingInFileNames: true,
  },
  files: ["index.ts"],
};

export const PROGRAMS: Readonly<Record<ProgramKind, ProgramFiles>> = {
  commonjs: { packageJson: { main: "index.js" }, needs: {}, files: { "index.js": COMMONJS } },
  esm: { packageJson: { main: "index.js", type: "module" }, needs: {}, files: { "index.js": ESM } },
  typescript: {
    packageJson: { main: "index.ts" },
    needs: { typescript: "^5.9.0", "@types/node": "^20.0.0" },
    files: { "index.ts": TYPESCRIPT, "tsconfig.json": JSON.stringify(TSCONFIG) },
  },
};
