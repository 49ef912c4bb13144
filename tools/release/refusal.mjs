/** What stands in the way of a release, in words for the one who releases. */
export class Refusal extends Error {
  constructor(reasons) {
    super(["Not released:", ...reasons.map((reason) => `  - ${reason}`)].join("\n"));
  }
}
