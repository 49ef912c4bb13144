#!/usr/bin/env node
/** `npm run release`: see "Releasing" in CONTRIBUTING.md. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { cut } from "./release/cut.mjs";
import { distTag } from "./release/dist-tag.mjs";
import { Refusal } from "./release/refusal.mjs";
import { verify } from "./release/verify.mjs";

const program = new Command("npm run release --")
  .description("Cuts a release, and checks one.")
  .option("--in <folder>", "the repository", resolve(dirname(fileURLToPath(import.meta.url)), ".."))
  .showHelpAfterError();

program
  .command("cut <version>")
  .description("give the changelog's newest section and package.json this version; commits nothing")
  .action((version) => {
    cut(program.opts().in, version);
    console.log(`Cut ${version}. Now look at it, and then:

  git commit -am "Release ${version}"
  git tag v${version}
  git push --atomic origin main v${version}

The tag starts .github/workflows/release.yml.`);
  });

program
  .command("verify <tag>")
  .description("check that a tag, package.json, package-lock.json and the changelog name one version")
  .action((tag) => {
    verify(program.opts().in, tag);
    console.log(`${tag}: package.json, package-lock.json and CHANGELOG.md agree.`);
  });

program
  .command("dist-tag <tag>")
  .description('print under which name npm offers it: "latest", or "next" for a version before a release')
  .action((tag) => console.log(distTag(tag)));

try {
  program.parse();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
