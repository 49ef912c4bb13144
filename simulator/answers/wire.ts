import type { World } from "../rules/world";
import type { Answer } from "./answer";

/** An answer in bytes. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Puts an answer into bytes, with the stray ones that the settings ask for before its JSON. */
export function toWire(world: World, answer: Answer): WireAnswer {
  const date = new Date(world.clock.now() + world.settings.clockSkewMs).toUTCString();
  if (answer.body === undefined) {
    return { status: answer.status, headers: { date, ...answer.headers }, body: "" };
  }
  return {
    status: answer.status,
    headers: { date, "content-type": "application/json", ...answer.headers },
    body: world.settings.strayBytes + JSON.stringify(answer.body),
  };
}
