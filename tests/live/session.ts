import type { Exchange } from "./observer/exchange";
import type { Observer } from "./observer/observer";
import type { Workspace } from "./pulumi";
import type { LiveSettings } from "./settings";
import type { Shelf } from "./shelf";

/** What the scenarios of one run share. */
export interface Session {
  settings: LiveSettings;
  observer: Observer;
  workspace: Workspace;
  shelf: Shelf;
  /** What the names of this run's snapshots begin with. */
  prefix: string;
  signal: AbortSignal;
  probes: Probes;
  /** Numbers of the program's snapshots, as its state last listed them. */
  ids: { first?: string | undefined; second?: string | undefined };
}

/** Questions that the report answers in separate findings; left out where they were not asked. */
export interface Probes {
  server?: Exchange;
  serverWithSlash?: Exchange;
  listingWithSlash?: Exchange;
  unknownServer?: Exchange;
  wrongToken?: Exchange;
  onePerPage?: Exchange;
  beyondTheEnd?: Exchange;
  actions?: Exchange;
  unknownRoute?: Exchange;
  account?: Exchange;
  zones?: Exchange;
  secondPage?: Exchange;
  snapshotPage?: Exchange;
  byZone?: Exchange;
  plansForSnapshot?: Exchange;
  readOnlyRead?: Exchange;
  readOnlyWrite?: Exchange;
  /** A create with a name of many kinds of characters, and the name that Utho lists; so too with a long one. */
  oddName?: { call: Exchange; stored: string | undefined };
  longName?: { call: Exchange; stored: string | undefined };
  /** A create that the kit hung up on, and whether a snapshot came of it. */
  hangUp?: { call: Exchange; made: boolean };
  /** A second create while the server was at work on the first. */
  whileBusy?: Exchange;
  /** A create with the name of a snapshot that is there. */
  sameName?: Exchange;
  deletion?: { call: Exchange; id: string };
  deletionAgain?: Exchange;
}
