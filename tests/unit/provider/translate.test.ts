import { expect, it } from "vitest";
import { UthoClient } from "../../../client";
import { toFailure } from "../../../provider/failure";
import { startSimulator } from "../../../simulator";

it("says what was unexpected in an unusable answer, not that Utho called it a success", async () => {
  const simulator = await startSimulator();
  try {
    simulator.faults.add({
      operation: "server.list",
      phase: "before",
      kind: { status: 200, body: { cloud: [], meta: { total: 9 }, status: "success", message: "ok" } },
      times: 100,
    });
    const client = new UthoClient({ token: simulator.token, endpoint: simulator.url });
    const error: unknown = await client.servers.list().catch((reason: unknown) => reason);
    const { message } = toFailure(error, "run the look-up getServers");
    expect(message).toContain("UTHO_UNEXPECTED_RESPONSE");
    expect(message).toContain("there are 9 and shows 0");
    expect(message).not.toContain("said: ok");
  } finally {
    await simulator.close();
  }
});
