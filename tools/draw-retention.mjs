#!/usr/bin/env node
import { writeFileSync } from "node:fs";
/** Draws docs/pictures/retention.svg again, after `npm run build`: what the plan keeps of half a year of nights. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { drawRetention, SCENE } from "./docs/retention.mjs";

const { planServer } = createRequire(import.meta.url)("../dist/provider/rotation/plan/index.js");
const picture = fileURLToPath(new URL("../docs/pictures/retention.svg", import.meta.url));
writeFileSync(picture, drawRetention(planServer("1001", SCENE.snapshots, SCENE.policy, SCENE.now)));
