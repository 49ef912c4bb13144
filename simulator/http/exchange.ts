import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "../answers/answer";
import { noSuchCall, plainSuccess, refused } from "../answers/envelope";
import { toWire } from "../answers/wire";
import { type Delivery, distort } from "../faults/distort";
import { type FaultKind, type FaultPhase, isPausing, type PausingKind } from "../faults/fault";
import type { FaultQueue } from "../faults/queue";
import type { Route } from "../routes/route";
import { Refusal } from "../rules/refusal";
import type { World } from "../rules/world";
import { decodeBody, logBody, redact } from "./decode";
import type { RateLimiter } from "./rate-limit";
import type { LoggedRequest, RequestLog } from "./request-log";
import { type HttpRequest, send } from "./server";

/** What each exchange needs beside its request. */
export interface ExchangeParts {
  world: World;
  faults: FaultQueue;
  log: RequestLog;
  limiter: RateLimiter;
  token: string;
  /** Ends the waits of slow answers when the simulator closes. */
  closing: AbortSignal;
}

/** One request and its answer: log, faults, rate limit, token, rule, answer, in this order. */
export class Exchange {
  readonly #entry: LoggedRequest;

  constructor(
    private readonly parts: ExchangeParts,
    private readonly route: Route | undefined,
    private readonly request: HttpRequest,
    private readonly response: ServerResponse,
  ) {
    const { token, world, log } = parts;
    const arrival = {
      at: world.clock.now(),
      method: request.method,
      path: request.path,
      query: request.query,
      body: logBody(request.body),
      operation: route?.operation ?? ("unknown" as const),
      ...this.#server(),
    };
    this.#entry = log.arrive(redact(arrival, token));
  }

  async run(): Promise<void> {
    const before = this.#takeFault("before");
    if (before !== undefined) {
      if (!isPausing(before)) return this.#send(this.#substitute(), before);
      await this.#pause(before);
      if (this.parts.closing.aborted) return this.#abandon();
    }
    const { answer, applied } = this.#respond();
    const after = applied ? this.#takeFault("after") : undefined;
    return this.#send(answer, after ?? this.#takeFault("answer"));
  }

  #server(): { cloudId?: string } {
    const { cloudid } = this.request.params;
    return cloudid === undefined ? {} : { cloudId: cloudid };
  }

  #takeFault(phase: FaultPhase): FaultKind | undefined {
    if (this.route === undefined) return undefined;
    const kind = this.parts.faults.take(this.route.operation, phase, this.#entry.cloudId);
    if (kind !== undefined) this.#entry.faults.push({ phase, kind });
    return kind;
  }

  /** What a fault distorts where the request has not been looked at. */
  #substitute(): Answer {
    return plainSuccess(this.parts.world, "not looked at", "success");
  }

  #respond(): { answer: Answer; applied: boolean } {
    const { world, limiter } = this.parts;
    try {
      limiter.admit(world);
      this.#requireToken();
      if (this.route === undefined) return { answer: noSuchCall(world), applied: false };
      const answer = this.route.respond(world, {
        params: this.request.params,
        query: this.request.query,
        body: decodeBody(this.request.body),
      });
      return { answer, applied: true };
    } catch (error) {
      if (error instanceof Refusal) return { answer: refused(world, error), applied: false };
      throw error;
    }
  }

  #requireToken(): void {
    if (this.request.headers.authorization === `Bearer ${this.parts.token}`) return;
    throw new Refusal("unauthorized", "Unauthenticated. The API token is missing or invalid");
  }

  async #send(answer: Answer, fault: FaultKind | undefined): Promise<void> {
    this.#entry.meaning = redact(answer.meaning, this.parts.token);
    const delivery = distort(toWire(this.parts.world, answer), fault);
    if (delivery.deliver === "whole") return this.#sendWhole(delivery);
    this.parts.log.settle(this.#entry, delivery.deliver === "half" ? delivery.answer.status : undefined);
    if (delivery.deliver === "cut") this.response.destroy();
    if (delivery.deliver === "half") this.#sendHalf(delivery);
  }

  async #sendWhole(delivery: Extract<Delivery, { deliver: "whole" }>): Promise<void> {
    const { answer, pause } = delivery;
    if (pause !== undefined) await this.#pause(pause);
    if (this.parts.closing.aborted) return this.#abandon();
    this.parts.log.settle(this.#entry, answer.status);
    send(this.response, answer);
  }

  /** The length is announced in full, so that the client can know what it lacks. */
  #sendHalf(delivery: Extract<Delivery, { deliver: "half" }>): void {
    const bytes = Buffer.from(delivery.answer.body, "utf8");
    const { response } = this;
    response.writeHead(delivery.answer.status, {
      ...delivery.answer.headers,
      "content-length": bytes.length,
    });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
  }

  /** Ends early when the simulator closes. */
  async #pause(kind: PausingKind): Promise<void> {
    const { closing, faults } = this.parts;
    if ("hold" in kind) return faults.hold();
    await delay(kind.slowMs, undefined, { signal: closing }).catch(() => undefined);
  }

  /** The simulator has closed in the meantime: no effect, no answer. */
  #abandon(): void {
    this.response.destroy();
  }
}
