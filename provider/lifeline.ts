import { connect } from "node:net";
import { engineAddress } from "./progress";

/** How often a plugin looks whether its engine is alive. */
const BEAT_MS = 2_000;

/**
 * Ends the plugin with its engine. An engine that is killed leaves its plugins behind, and one that then writes to
 * the dead pipe spins at full load for ever.
 */
export function followEngine(): void {
  const address = engineAddress();
  if (address === undefined) return;
  const end = (): void => process.exit(1);
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  const cut = address.lastIndexOf(":");
  const host = address.slice(0, cut);
  const port = Number(address.slice(cut + 1));
  let missed = 0;
  const beat = setInterval(() => {
    const socket = connect({ host, port, timeout: BEAT_MS });
    socket.on("connect", () => {
      missed = 0;
      socket.destroy();
    });
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => {
      missed += 1;
      socket.destroy();
      // Once may be an accident of the network stack under load; twice, and nobody listens there any more.
      if (missed >= 2) end();
    });
  }, BEAT_MS);
  beat.unref();
}
