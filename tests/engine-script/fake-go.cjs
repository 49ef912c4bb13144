const fs = require("node:fs");
const path = require("node:path");

/**
 * What the fake `go` of fake-binaries.ts does, in a process of its own.
 * @param {import("./fake-binaries").FakeGo & {built: string}} fake
 */
module.exports = function fakeGo(fake) {
  const args = process.argv.slice(2);
  const output = args[args.indexOf("-o") + 1] ?? "";
  const [verb] = args;
  fs.appendFileSync(fake.journal, `${verb === "build" ? `build ${path.basename(output)}` : verb}\n`);
  if (verb === "env") {
    answer(fake.envFailure, `${fake.version ?? "go1.26.8"}\n`);
  } else if (args.includes("-m")) {
    answer(undefined, `${fake.modules}\n`);
  } else if (verb === "list") {
    answer(undefined, "one\ntwo\nthree\n");
  } else {
    process.stderr.write("one\nexample.com/two\n");
    answer(fake.buildFailure, "");
    whenOpen(fake.gate, () => fs.copyFileSync(path.join(fake.built, path.basename(output)), output));
  }
};

function answer(failure, text) {
  if (failure !== undefined) {
    process.stderr.write(`${failure}\n`);
    process.exit(1);
  }
  process.stdout.write(text);
}

function whenOpen(gate, finish) {
  if (gate === undefined || fs.existsSync(gate)) {
    finish();
  } else {
    setTimeout(() => whenOpen(gate, finish), 20);
  }
}
