/** INR per GB and month, by Utho's price page. */
const PRICE = 4;
/** Snapshots that a run asks for: first, second, replacement, and one each to see what a busy server and a taken name do. */
const MADE = { least: 3, most: 5 };
const AT_ONCE = 3;
/** Minutes that one takes, by Utho's documentation. */
const MINUTES = { least: 2, most: 10 };

/** What the user agreed to beyond the ordinary run. */
export interface Agreed {
  restore: boolean;
  names: boolean;
  hangUp: boolean;
}

/** What a run does to the account, for a user who has not agreed yet. */
export function describePlan(diskGb: number | undefined, { restore, names, hangUp }: Agreed): string {
  const most = MADE.most + (names ? 2 : 0) + (hangUp ? 1 : 0);
  const minutes = `${MADE.least * MINUTES.least + 3} to ${(most + (restore ? 1 : 0)) * MINUTES.most + 10}`;
  return [
    "What a run does:",
    `  - takes ${MADE.least} to ${most} snapshots of that one server, at most ${AT_ONCE} of them at a time, and deletes them all again`,
    "  - reads the account's listings; it changes no other server and deletes no snapshot that it has not made",
    restore
      ? "  - UTHO_LIVE_RESTORE=yes: OVERWRITES THE SERVER'S DISK with a snapshot of minutes ago and restarts the server"
      : "  - does not touch the server's disk or power (UTHO_LIVE_RESTORE=yes would restore a snapshot onto it)",
    names
      ? "  - UTHO_LIVE_NAMES=yes: two of them have unusual names, one of 300 characters"
      : "  - gives its snapshots plain names (UTHO_LIVE_NAMES=yes would try two unusual ones)",
    hangUp
      ? "  - UTHO_LIVE_HANGUP=yes: hangs up on the request for one of them, and looks whether it is made"
      : "  - waits for every answer (UTHO_LIVE_HANGUP=yes would hang up on one request)",
    `  - takes ${minutes} minutes`,
    `  - costs ${costOf(diskGb, most)}`,
    "  - writes a report without token, ids, names or addresses",
  ].join("\n");
}

function costOf(diskGb: number | undefined, most: number): string {
  if (diskGb === undefined) {
    return `at most ${most} × ₹${PRICE} for each GB of the server's disk if Utho bills whole months; by the hour, a few rupees`;
  }
  const month = diskGb * PRICE;
  const hour = Math.max(0.01, (AT_ONCE * month) / 730).toFixed(2);
  return `about ₹${hour} if Utho bills by the hour, at most ₹${most * month} if it bills whole months (₹${PRICE} per GB and month, disk of ${diskGb} GB)`;
}
