import type { ServerResponse } from "node:http";
import type { Answer } from "../answers/answer";
import { noSuchCall, plainSuccess, refused } from "../answers/envelope";
import { toWire, type WireAnswer } from "../answers/wire";
import { type Delivery, distort } from "../faults/distort";
import type { FaultKind, FaultPhase } from "../faults/fault";
import type { FaultQueue } from "../faults/queue";
import { writeOperationNames } from "../operations";
import type { Route } from "../routes/route";
import { Refusal } from "../rules/refusal";
import type { Begun, World } from "../rules/world";
import type { Access, Accounts } from "./accounts";
import { decodeBody, logBody, redact } from "./decode";
import { Line, type Wait, waitOfFault, waitOfSetting } from "./line";
import type { RateLimiter } from "./rate-limit";
import type { LoggedRequest, RequestLog } from "./request-log";
import { type HttpRequest, send } from "./server";

/** What each exchange needs beside its request. */
export interface ExchangeParts {
  accounts: Accounts;
  faults: FaultQueue;
  log: RequestLog;
  limiter: RateLimiter;
  /** Ends the waits of slow answers when the simulator closes. */
  closing: AbortSignal;
}

/** One request and its answer: log, faults, rate limit, token, slow line, rule, answer, in this order. */
export class Exchange {
  readonly #entry: LoggedRequest;
  readonly #line: Line;
  readonly #access: Access | undefined;
  readonly #world: World;

  constructor(
    private readonly parts: ExchangeParts,
    private readonly route: Route | undefined,
    private readonly request: HttpRequest,
    private readonly response: ServerResponse,
  ) {
    const { accounts, log } = parts;
    this.#access = accounts.find(request.headers.authorization);
    this.#world = this.#access?.world ?? accounts.first;
    const arrival = {
      at: this.#world.clock.now(),
      method: request.method,
      path: request.path,
      query: request.query,
      body: logBody(request.body),
      operation: route?.operation ?? ("unknown" as const),
      ...this.#server(),
    };
    this.#entry = log.arrive(redact(arrival, accounts.tokens));
    this.#line = new Line(response, parts.closing);
  }

  async run(): Promise<void> {
    const before = this.#takeFault("before");
    const pause = waitOfFault(before, this.parts.faults);
    if (before !== undefined && pause === undefined) return this.#send(this.#substitute(), before);
    if (!(await this.#wait(pause))) return this.#abandon();
    const refusal = this.#refuse();
    if (refusal !== undefined) return this.#send(refusal, this.#takeFault("answer"));
    if (!(await this.#wait(this.#slowness("withAnswer")))) return this.#abandon();
    const { answer, begun } = this.#respond();
    this.#entry.meaning = redact(answer.meaning, this.parts.accounts.tokens);
    const applied = begun !== undefined;
    const fault = (applied ? this.#takeFault("after") : undefined) ?? this.#takeFault("answer");
    const waits = [applied ? this.#slowness("atArrival") : undefined, waitOfFault(fault, this.parts.faults)];
    if (!(await this.#finish(waits, begun))) return this.#abandon();
    return this.#send(answer, fault);
  }

  /** Waits with what has been begun; it stays undoable only where a hang-up undoes it. */
  async #finish(waits: readonly (Wait | undefined)[], begun: Begun | undefined): Promise<boolean> {
    const world = this.#world;
    if (!waits.some((one) => one?.hangUp === "undoes")) begun?.keep(world.clock.now());
    for (const one of waits) {
      if (await this.#wait(one)) continue;
      begun?.undo();
      return false;
    }
    begun?.keep(world.clock.now());
    return true;
  }

  /** Holds the line; whether the request is still to be worked on. */
  async #wait(wait: Wait | undefined): Promise<boolean> {
    if (wait === undefined) return true;
    const entry = this.#entry;
    entry.slow = "waiting";
    await this.#line.hold(wait, () => {
      entry.slow = wait.hangUp === "undoes" ? "undone" : "wentOn";
    });
    if (this.parts.closing.aborted) return false;
    if (this.#line.gone && wait.hangUp === "undoes") {
      entry.meaning = `undone by a hang-up: ${entry.meaning ?? "not looked at"}`;
      return false;
    }
    if (!this.#line.gone) entry.slow = "answered";
    return true;
  }

  #slowness(effect: "atArrival" | "withAnswer"): Wait | undefined {
    if (this.route === undefined) return undefined;
    const slow = this.#world.settings.slowAnswers[this.route.operation];
    return slow?.effect === effect ? waitOfSetting(slow, this.#world) : undefined;
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
    return plainSuccess(this.#world, "not looked at", "success");
  }

  /** What is refused before the request is looked at. */
  #refuse(): Answer | undefined {
    const world = this.#world;
    try {
      this.parts.limiter.admit(world, this.#access?.token);
      this.#requireAccess();
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return refused(world, error);
      throw error;
    }
  }

  /** The answer; with what the request has begun, unless it is refused. */
  #respond(): { answer: Answer; begun?: Begun } {
    const world = this.#world;
    const { route } = this;
    if (route === undefined) return { answer: noSuchCall(world, this.request.method) };
    const absent = world.settings.absentCalls[route.operation];
    if (absent !== undefined) return { answer: noSuchCall(world, route.method, absent) };
    try {
      const { result, begun } = world.state.tied(() =>
        route.respond(world, {
          params: this.request.params,
          query: this.request.query,
          body: decodeBody(this.request.body),
        }),
      );
      if (world.settings.ignoredCalls.some((one) => one === route.operation)) begun.undo();
      return { answer: result, begun };
    } catch (error) {
      if (error instanceof Refusal) return { answer: refused(world, error) };
      throw error;
    }
  }

  #requireAccess(): void {
    const { forbiddenCalls, refusedTokenWording, readOnlyWording } = this.#world.settings;
    if (this.#access === undefined) throw new Refusal("unauthorized", refusedTokenWording);
    const isForbidden = forbiddenCalls.some((one) => one === this.route?.operation);
    if (isForbidden || (this.#access.readOnly && this.#writes())) {
      throw new Refusal("forbidden", readOnlyWording);
    }
  }

  #writes(): boolean {
    return writeOperationNames.some((one) => one === this.route?.operation);
  }

  async #send(answer: Answer, fault: FaultKind | undefined): Promise<void> {
    this.#entry.meaning = redact(answer.meaning, this.parts.accounts.tokens);
    const delivery = distort(toWire(this.#world, answer), fault);
    if (delivery.deliver === "whole" && !this.#line.gone) return this.#sendWhole(delivery.answer);
    this.parts.log.settle(this.#entry, delivery.deliver === "half" ? delivery.answer.status : undefined);
    if (delivery.deliver === "cut") this.response.destroy();
    if (delivery.deliver === "half") this.#sendHalf(delivery);
  }

  #sendWhole(answer: WireAnswer): void {
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

  /** The simulator has closed, or the hang-up has undone the request: no effect, no answer. */
  #abandon(): void {
    if (!this.parts.closing.aborted) this.parts.log.settle(this.#entry, undefined);
    this.response.destroy();
  }
}
