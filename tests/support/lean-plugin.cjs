"use strict";
// Loaded before Pulumi's dynamic provider plugin by tests that start it hundreds of times. Two thirds of its start go
// into the TypeScript compiler and parts of npm, which only the serialization of a program needs. Here they are loaded
// when something is asked of them, and that is never.
const Module = require("node:module");

const SLOW = new Set(["typescript", "@npmcli/arborist", "normalize-package-data"]);
const load = Module._load;

Module._load = function loadLate(request, ...rest) {
  if (!SLOW.has(request)) return load.call(this, request, ...rest);
  const real = () => load.call(this, request, ...rest);
  // "__esModule" is what the importing code asks at once.
  return new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : real()[key]) });
};
