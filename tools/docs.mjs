#!/usr/bin/env node
/** `npm run docs`: builds the documentation as a site, and checks it. A warning or a dead link fails the build. */
import { resolve } from "node:path";
import { deadLinks } from "./docs/links.mjs";
import { buildSite, ROOT } from "./docs/site.mjs";

const [folder = "site"] = process.argv.slice(2);
const site = resolve(ROOT, folder);

const wellFormed = await buildSite(site);
const dead = wellFormed ? deadLinks(site) : [];
for (const one of dead) console.error(`Dead link: ${one}`);

if (!wellFormed || dead.length > 0) {
  console.error("The documentation is not fit to be published: see above.");
  process.exitCode = 1;
} else console.log(`The site is in ${site}: open ${site}/index.html`);
