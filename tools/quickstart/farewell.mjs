/** How to go on from here, with the commands to type. */
export function sayFarewell(screen, engine, took) {
  screen.heading(`Done in ${took}; the simulated account and the temporary folder are gone`);
  screen.text("The same program with your own Utho account, from this folder:");
  for (const [command, comment] of commands(engine)) {
    screen.line();
    screen.note(comment);
    screen.line(screen.paint("cyan", `  $ ${command}`));
  }
  screen.line();
  screen.text(
    "It takes a snapshot of the first two servers of the account, and a snapshot costs ₹4 per GB and month (Utho's " +
      "price page) until it is deleted. `pulumi destroy` deletes what the stack made.",
  );
  screen.line();
  screen.text("Your own program: README.md. What can go wrong, and what to do then: docs/errors.md.");
}

function commands(engine) {
  const needsPath = engine.source !== "path";
  const onWindows = process.platform === "win32";
  const addPath = onWindows ? `$env:PATH = "${engine.bin};$env:PATH"` : `export PATH="${engine.bin}:$PATH"`;
  return [
    ...(needsPath ? [[addPath, "Put the Pulumi that was used here on your PATH:"]] : []),
    ["pulumi login --local", "Keep the state in your home folder (or log in to another place):"],
    ["pulumi stack init dev", "Make a stack; the passphrase that it asks for protects the token:"],
    [
      "pulumi config set --secret utho:token <token>",
      "Give it your API token, which Utho's console makes under API:",
    ],
    ["pulumi up", "See what would be done, and say yes:"],
  ];
}
