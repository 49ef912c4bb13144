/** What a route answers, before it is put into bytes. */
export interface Answer {
  status: number;
  /** `undefined`: an empty body. */
  body: unknown;
  /** One line for the request log: what the request did. */
  meaning: string;
  headers?: Record<string, string>;
}
