import { decode } from "./decode";
import type { CallOptions } from "./request";
import type { Send } from "./retry";
import { type Zone, zoneList } from "./schema/zone";

/** Utho's data centres. */
export class Zones {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Lists the data centres (GET /dczones). */
  async list(options: CallOptions = {}): Promise<Zone[]> {
    const answer = await this.#send({ operation: "zones.list", method: "GET", path: "/dczones" }, options);
    return decode(answer, zoneList).dczones;
  }
}
