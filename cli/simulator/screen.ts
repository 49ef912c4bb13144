import type { LoggedRequest, Simulator } from "../../simulator/index";
import { paint, type Terminal } from "../screen/terminal";
import { folded, shellWord } from "../screen/text";

/** What the simulator says once it listens: where it is and how to use it. */
export function banner(simulator: Simulator, terminal: Terminal): string[] {
  const servers = simulator.cloud.servers();
  const first = servers[0]?.cloudId ?? "1001";
  const named = servers.map((one) => `${one.cloudId} ${one.hostname} (${one.diskGb} GB)`).join(", ");
  const code = (text: string) => paint(terminal, "cyan", text);
  return [
    paint(terminal, "bold", "An Utho that runs on this machine: nothing is real, nothing costs anything."),
    "",
    `  API      ${code(simulator.url)}`,
    `  Control  ${code(simulator.controlUrl)}`,
    ...hanging(`  Servers  ${named === "" ? "none" : named}`, terminal),
    "",
    "Point a Pulumi program at it, in another terminal:",
    `  ${code(setVariable("UTHO_TOKEN", simulator.token))}`,
    `  ${code(setVariable("UTHO_ENDPOINT", simulator.url))}`,
    "",
    "Or talk to it:",
    ...curlLines(simulator, first).map((line) => `  ${code(line)}`),
    "",
    "Delete or rename a snapshot behind Pulumi's back:",
    ...controlLines(simulator).map((line) => `  ${code(line)}`),
    "",
    "Requests appear below. Ctrl-C ends the simulator.",
    "",
  ];
}

/** Folded to the screen, under what it is about. */
function hanging(text: string, { width }: Terminal): string[] {
  const indent = " ".repeat("  Servers  ".length);
  const room = width === undefined ? undefined : width - indent.length;
  return folded(text.trimStart(), room).map((line, index) => (index === 0 ? `  ${line}` : indent + line));
}

function setVariable(name: string, value: string): string {
  return process.platform === "win32"
    ? `$env:${name} = ${shellWord(value)}`
    : `export ${name}=${shellWord(value)}`;
}

/** On a screen a line that is too long would be broken inside a word, so it goes on behind a backslash. */
function curlLines(simulator: Simulator, cloudId: string): string[] {
  const header = `-H ${shellWord(`Authorization: Bearer ${simulator.token}`)}`;
  return [
    `curl ${header} ${simulator.url}/cloud`,
    `curl ${header} -d '{"name":"first"}' \\`,
    `  ${simulator.url}/cloud/${cloudId}/snapshot/create`,
    `curl ${header} \\`,
    `  '${simulator.url}/cloud/getdeploy?product=cloud'`,
  ];
}

function controlLines(simulator: Simulator): string[] {
  return [
    `curl ${simulator.controlUrl}/state`,
    `curl -X POST ${simulator.controlUrl}/snapshots/5001/delete`,
    `curl -d '{"name":"renamed"}' \\`,
    `  ${simulator.controlUrl}/snapshots/5001/rename`,
  ];
}

/** One request in one line: what came, what went, what it meant. */
export function requestLine(request: LoggedRequest, terminal: Terminal): string {
  const fault = request.faults.map((one) => `  [fault ${one.phase}: ${JSON.stringify(one.kind)}]`).join("");
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(request.query)) query.append(key, String(value));
  const path = query.size === 0 ? request.path : `${request.path}?${query}`;
  const meaning = request.meaning === undefined ? "" : `  ${oneLine(request.meaning)}`;
  return `${request.method} ${oneLine(path)} -> ${status(request, terminal)}${meaning}${paint(terminal, "yellow", fault)}`;
}

function status(request: LoggedRequest, terminal: Terminal): string {
  if (request.status === undefined) return paint(terminal, "red", "no answer");
  const refused = request.status >= 400 || request.meaning?.startsWith("refused") === true;
  return paint(terminal, refused ? "red" : "green", String(request.status));
}

/** Names come from the client and may hold anything; control characters would write over the screen. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
