import { IntentNotes } from "./intent";

/** What one operation's calls must know of each other; the engine runs one plugin process for each operation. */
export class CloneMemory {
  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** Servers that resources of this program are known to have. */
  readonly known = new Set<string>();
  /** Servers that `create` took over. */
  readonly takenOver = new Set<string>();

  /** Servers that `diff` saw as live and kept in this process. */
  readonly keptAlive = new Set<string>();

  /** The engine starts the plugin in the program's folder: the same program elsewhere is another program. */
  notes(endpoint: string): IntentNotes {
    return new IntentNotes(this.env, `${process.cwd()}\n${endpoint}`);
  }
}
