import type { World } from "../rules/world";

/** What a token opens. */
export interface Access {
  token: string;
  /** Whether it may only read. */
  readOnly: boolean;
  /** Its account. */
  world: World;
}

/** The accounts of the simulator, by their tokens. */
export class Accounts {
  constructor(private readonly accesses: readonly [Access, ...Access[]]) {}

  /** What the header of a request opens, if anything. */
  find(authorization: string | undefined): Access | undefined {
    return this.accesses.find(({ token }) => authorization === `Bearer ${token}`);
  }

  /** The account that a token opens, be it read-only or not. */
  worldOf(token: string): World | undefined {
    return this.accesses.find((one) => one.token === token)?.world;
  }

  /** The account that answers those who have no token. */
  get first(): World {
    return this.accesses[0].world;
  }

  /** Every token, none of which may be logged. */
  get tokens(): readonly string[] {
    return this.accesses.map((one) => one.token);
  }
}
