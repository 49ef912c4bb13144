import { expectThat, type Scenario } from "./outcome";

/** A number that no server has had time to get. */
const UNUSED_ID = "999999999999";

export const questions: Scenario = {
  title: "reads: answers, listings, pages, an unknown server, a wrong token",
  async run({ observer, settings, probes, shelf }) {
    const get = (path: string, wrongToken = false) => observer.ask({ method: "GET", path, wrongToken });
    const server = `/cloud/${settings.cloudId}`;
    probes.server = await get(server);
    probes.serverWithSlash = await get(`${server}/`);
    probes.listingWithSlash = await get("/snapshot/");
    probes.unknownServer = await get(`/cloud/${UNUSED_ID}`);
    probes.wrongToken = await get("/account/info", true);
    probes.onePerPage = await get("/cloud?page=1&perpage=1");
    probes.beyondTheEnd = await get("/cloud?page=9999&perpage=1");
    probes.secondPage = await get("/cloud?page=2&perpage=1");
    probes.unknownRoute = await get("/pulumi-utho-live-kit/no-such-call");
    probes.account = await get("/account/info");
    probes.zones = await get("/dczones");
    const present = await shelf.look();
    expectThat(present.length === 0, "snapshots with this run's prefix are there before it began");
    return "all asked";
  },
};
