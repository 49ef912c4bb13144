#!/usr/bin/env node
import { checkPrerequisites, ensureBuilt } from "./quickstart/prerequisites.mjs";
import { createScreen } from "./quickstart/screen.mjs";
import { explain, tour } from "./quickstart/tour.mjs";

const screen = createScreen(process.stdout, process.env);
try {
  checkPrerequisites();
  await ensureBuilt(screen);
  process.exitCode = await tour(screen);
} catch (error) {
  screen.problem(explain(error));
  process.exitCode = 1;
}
