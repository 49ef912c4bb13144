import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Where a Chromium is: as the environment says, or on PATH. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (env.PATH ?? "").split(delimiter);
  const places = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [env.PUPPETEER_EXECUTABLE_PATH ?? "", ...places].find((file) => file !== "" && existsSync(file));
}

/**
 * Whether the tests in a browser can run. In CI they must, and fail without a browser; elsewhere the absence is
 * announced loudly, and they are left out.
 */
export function hasBrowser(): boolean {
  const found = findChromium() !== undefined;
  if (!found && process.env.CI === undefined) {
    console.error(
      "\nNO CHROMIUM: the tests of the HTML report are LEFT OUT. Install it (`apt-get install chromium`), or set PUPPETEER_EXECUTABLE_PATH.\n",
    );
  }
  return found || process.env.CI !== undefined;
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error("There is no Chromium on PATH; CI must install it (`apt-get install chromium`).");
  }
  // The sandbox needs rights that a container's root has not, and the page is our own.
  return puppeteer.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
    timeout: 120_000,
  });
}
