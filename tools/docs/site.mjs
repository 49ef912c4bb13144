import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Application, Converter, OptionDefaults, Renderer } from "typedoc";
import { GROUP_ORDER, groupOf, sitePages, titleOf } from "./pages.mjs";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** What only the engine's plugin loads is no interface for people. */
const INTERNAL = ["./provider"];

/** Builds the site into a folder. Whether there was nothing to complain of; what there was is printed. */
export async function buildSite(folder) {
  const app = await Application.bootstrap({
    name: "pulumi-utho",
    entryPoints: entryPoints(),
    tsconfig: join(ROOT, "tsconfig.build.json"),
    basePath: ROOT,
    readme: join(ROOT, "README.md"),
    projectDocuments: sitePages(ROOT).map((page) => join(ROOT, page)),
    customCss: join(ROOT, "tools/docs/site.css"),
    highlightLanguages: [...OptionDefaults.highlightLanguages, "dockerfile", "python"],
    disableSources: !hasPublicOrigin(),
    includeVersion: true,
    excludeExternals: true,
    excludePrivate: true,
    hideGenerator: true,
    categorizeByGroup: false,
    groupOrder: [...GROUP_ORDER, "*"],
    navigation: { includeGroups: true, includeFolders: false, excludeReferences: true },
    validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
    treatWarningsAsErrors: true,
    treatValidationWarningsAsErrors: true,
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    document.frontmatter.group = groupOf(relative(ROOT, fileOf(document)).replaceAll("\\", "/"));
  });
  // Addresses are made by now, of the files' names: a page that gets another heading stays where it was.
  app.renderer.on(Renderer.EVENT_BEGIN, ({ project }) => {
    for (const document of project.documents ?? []) document.name = titleOf(fileOf(document));
  });
  const project = await app.convert();
  if (project === undefined) return false;
  app.validate(project);
  await app.generateDocs(project, folder);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

/** Whether sources have an address that a page can link to; a copy without one, or of a local folder, has none. */
function hasPublicOrigin() {
  try {
    const options = { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    return /^(https?:|ssh:|git@)/.test(execFileSync("git", ["remote", "get-url", "origin"], options));
  } catch {
    return false;
  }
}

/** The sources of what package.json lets a program import. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([path, target]) => typeof target === "object" && !INTERNAL.includes(path))
    .map(([, { types }]) => types.replace(/^\.\/dist\//, "").replace(/\.d\.ts$/, ".ts"))
    .map((file) => join(ROOT, file));
}

function fileOf(document) {
  return document.project.files.getReflectionPath(document);
}
