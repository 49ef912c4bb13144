import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isRecord } from "../../client/compact";
import { textOf } from "../../provider/engine/inputs";
import { packageVersion } from "../package-version";
import { programFolder } from "../stack/project";
import { copiesOf } from "./copies";
import { Check, type Finding } from "./finding";
import { isOld, OLDEST_PULUMI } from "./versions";

/** The SDK and this package, as the program's folder resolves them, which is what the engine's plugin does too. */
export function checkPackages(folder: string): Finding[] {
  const program = programFolder(folder);
  const fromProgram = createRequire(join(program, "program.js"));
  const sdk = locate(fromProgram, "@pulumi/pulumi/package.json");
  return [checkOurselves(fromProgram), checkOwnCopies(program), checkSdk(sdk), checkCopies(fromProgram, sdk)];
}

interface Located {
  file: string;
  version: string;
}

function checkOurselves(fromProgram: NodeJS.Require): Finding {
  const check = new Check("package", "pulumi-utho");
  const found = locate(fromProgram, "pulumi-utho/package.json");
  if (found === undefined || !resolves(fromProgram, "pulumi-utho/provider")) {
    return check.problem(
      "it cannot be resolved from the program's folder, so the engine could not load the provider",
      "run this in the folder of the project (or give it by --cwd), and install the package in that of the program. Where it was removed together with its resources: install it again, run `pulumi up`, and then remove it.",
    );
  }
  const mine = packageVersion();
  if (found.version === mine) return check.ok(mine);
  return check.warning(
    `the program has ${found.version}, this command is ${mine}`,
    "run the program's own: npx pulumi-utho.",
  );
}

/** The engine loads one copy for all resources: that of the program. Another one declares them by its own rules. */
function checkOwnCopies(program: string): Finding {
  const check = new Check("package-copies", "Copies of pulumi-utho");
  const versions = copiesOf("pulumi-utho", program);
  if (versions.length === 0) return check.skipped("the package is missing");
  if (versions.length === 1) return check.ok("one");
  const found = `${versions.length} (${versions.join(", ")}); the engine loads the program's own for the resources of all`;
  const next =
    "make it a peer dependency of the libraries that use it, or run `npm dedupe` (`npm ls pulumi-utho` shows them).";
  return new Set(versions).size === 1 ? check.warning(found, next) : check.problem(found, next);
}

function checkSdk(sdk: Located | undefined): Finding {
  const check = new Check("sdk", "@pulumi/pulumi");
  if (sdk === undefined)
    return check.problem("it cannot be resolved from the program's folder", "npm install @pulumi/pulumi");
  if (isOld(sdk.version) || !sdk.version.startsWith("3.")) {
    return check.problem(
      `${sdk.version} is not supported`,
      `install ${OLDEST_PULUMI.join(".")} or newer, below 4.`,
    );
  }
  return check.ok(sdk.version);
}

function checkCopies(fromProgram: NodeJS.Require, sdk: Located | undefined): Finding {
  const check = new Check("sdk-copies", "Copies of @pulumi/pulumi");
  const ours = locate(fromProgram, "pulumi-utho/package.json");
  const theirs = ours && locate(createRequire(realpathSync(ours.file)), "@pulumi/pulumi/package.json");
  if (sdk === undefined || theirs === undefined) return check.skipped("one of the packages is missing");
  if (realpathSync(sdk.file) === realpathSync(theirs.file)) return check.ok("one");
  return check.problem(
    `two: the program has ${sdk.version}, pulumi-utho ${theirs.version}; resources would be registered with one and awaited by the other`,
    "run `npm dedupe`, or install one version of @pulumi/pulumi for all (`npm ls @pulumi/pulumi` shows them).",
  );
}

function locate(from: NodeJS.Require, file: string): Located | undefined {
  try {
    const path = from.resolve(file);
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    return { file: path, version: (isRecord(manifest) && textOf(manifest.version)) || "unknown" };
  } catch {
    return undefined;
  }
}

function resolves(from: NodeJS.Require, name: string): boolean {
  try {
    from.resolve(name);
    return true;
  } catch {
    return false;
  }
}
