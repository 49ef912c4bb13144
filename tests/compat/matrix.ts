/** The oldest `@pulumi/pulumi` that package.json claims, the one developed against, and the newest there is. */
export const PULUMI = { oldest: "3.215.0", developed: "3.248.0", newest: "3.270.0" } as const;

/**
 * The oldest Node.js that package.json claims (past its end of life, and what the CLI of many machines still runs on),
 * the two that are recommended, and the newest. 3.249 and later of Pulumi want 22 or newer.
 */
export const NODE = { oldest: 20, maintained: 22, newer: 24, newest: 26 } as const;

export type Installer = "npm" | "pnpm";
export type ProgramKind = "commonjs" | "esm" | "typescript";

export interface Combination {
  installer: Installer;
  pulumi: string;
  node: number;
  program: ProgramKind;
}

/**
 * Not the full product: each version of each tool, each of Node.js with each installer or kind of program that differs
 * on it, here or (CommonJS on the oldest Node) in the engine tests.
 */
export const COMBINATIONS: readonly Combination[] = [
  { installer: "npm", pulumi: PULUMI.oldest, node: NODE.oldest, program: "esm" },
  { installer: "npm", pulumi: PULUMI.developed, node: NODE.newer, program: "commonjs" },
  { installer: "npm", pulumi: PULUMI.newest, node: NODE.newest, program: "esm" },
  { installer: "npm", pulumi: PULUMI.developed, node: NODE.oldest, program: "typescript" },
  { installer: "pnpm", pulumi: PULUMI.oldest, node: NODE.newer, program: "commonjs" },
  { installer: "pnpm", pulumi: PULUMI.developed, node: NODE.oldest, program: "esm" },
  { installer: "pnpm", pulumi: PULUMI.newest, node: NODE.maintained, program: "commonjs" },
];
