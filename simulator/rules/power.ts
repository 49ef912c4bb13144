import type { Effect, PowerAction, PowerState } from "../store/operation";
import type { ServerRecord } from "../store/server";
import { requireIdle } from "./busy";
import { requireServer } from "./lookup";
import { Refusal } from "./refusal";
import type { World } from "./world";

/** What each call leads to, and whether the server is off on the way. */
const courses: Record<PowerAction, { leadsTo: PowerState; offOnTheWay: boolean }> = {
  poweron: { leadsTo: "Running", offOnTheWay: false },
  poweroff: { leadsTo: "Stopped", offOnTheWay: false },
  powercycle: { leadsTo: "Running", offOnTheWay: true },
  hardreboot: { leadsTo: "Running", offOnTheWay: true },
};

const nothing: Effect = { do: "nothing" };

/** Begins a change of a server's power state. */
export function changePower(world: World, cloudId: string, action: PowerAction): ServerRecord {
  const now = world.now();
  const { settings, state } = world;
  const server = requireServer(world, cloudId);
  const course = courses[action];
  requireIdle(world, cloudId);
  if (!course.offOnTheWay && server.power === course.leadsTo && settings.redundantPower === "refuse") {
    throw new Refusal("invalid", `The server is already ${course.leadsTo.toLowerCase()}`);
  }
  const effect = effectOf(world, cloudId, action, course.leadsTo);
  const lateBy = action === "poweroff" ? settings.powerOffLateByMs : 0;
  const showsAtOnce = lateBy === 0 || settings.powerOffLateShows === "Stopped";
  const operation = {
    kind: action,
    cloudId,
    startedAt: now,
    endsAt: now + settings.powerDurationMs,
    outcome: "success",
    holdsServer: true,
    stopsServer: course.offOnTheWay,
    effect: showsAtOnce ? effect : nothing,
  } as const;
  state.begin(operation);
  if (lateBy > 0) {
    state.begin({
      ...operation,
      endsAt: operation.endsAt + lateBy,
      holdsServer: false,
      effect: showsAtOnce ? nothing : effect,
      hidden: true,
    });
  }
  state.settle(now);
  return server;
}

/** A guest that ignores poweroff leaves a call that ends well and did nothing. */
function effectOf(world: World, cloudId: string, action: PowerAction, power: PowerState): Effect {
  if (action !== "poweroff") return { do: "setPower", power };
  const outcome = world.outcomes.take("poweroff", cloudId, world.settings.powerOffOutcome);
  return outcome === "stops" ? { do: "setPower", power } : nothing;
}
