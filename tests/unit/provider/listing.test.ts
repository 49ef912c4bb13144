import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, UthoClient } from "../../../client";
import { SharedListing } from "../../../provider/utho/listing";
import { type Simulator, startSimulator } from "../../../simulator";

const INTERVAL = 5_000;

/** A clock that moves only by its own sleeps. */
class StandingClock implements Clock {
  time = 1_000_000;
  now = (): number => this.time;
  sleep = async (ms: number): Promise<void> => {
    this.time += ms;
  };
}

describe("the shared listing", () => {
  let simulator: Simulator;
  let clock: StandingClock;
  let listing: SharedListing;

  beforeEach(async () => {
    simulator = await startSimulator();
    clock = new StandingClock();
    const client = new UthoClient({ token: simulator.token, endpoint: simulator.url, clock });
    listing = new SharedListing(client, clock);
  });

  afterEach(() => simulator.close());

  const calls = (): number => simulator.requests.count("snapshot.listByDeploy");
  const pollAll = (count: number, since: number): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, () => listing.polled("1001", since, INTERVAL)));

  it.each([1, 10, 100])("makes one call for %i that wait at a time", async (count) => {
    await pollAll(count, clock.now());
    expect(calls()).toBe(1);
    await clock.sleep(INTERVAL);
    await pollAll(count, clock.now());
    expect(calls()).toBe(2);
  });

  it("keeps polling calls an interval apart, although another reader asks for something newer", async () => {
    const start = clock.now();
    for (let writer = 0; writer < 5; writer += 1) {
      listing.written("1001");
      await listing.polled("1001", clock.now(), INTERVAL);
    }
    expect(calls()).toBe(5);
    expect(clock.now() - start).toBe(4 * INTERVAL);
  });

  it("asks again after a poll that failed", async () => {
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 401 } });
    await expect(listing.polled("1001", 0, INTERVAL)).rejects.toThrow();
    await expect(listing.polled("1001", 0, INTERVAL)).resolves.toMatchObject({ source: "deploy" });
  });

  it("takes a write as news of its own server only", async () => {
    await listing.account(0, "1001");
    listing.written("1001");
    await listing.account(0, "1002");
    expect(calls()).toBe(1);
    await listing.account(0, "1001");
    expect(calls()).toBe(2);
  });

  it("takes a write to any server as news for one who cares for all of them", async () => {
    await listing.account(0);
    listing.written("1001");
    await listing.account(0);
    expect(calls()).toBe(2);
  });

  it("believes no answer that was on its way while something was written", async () => {
    const early = listing.account(0, "1001");
    listing.written("1001");
    await Promise.all([early, listing.account(0, "1001")]);
    expect(calls()).toBe(2);
  });
});
