import { spawn } from "node:child_process";
import http2 from "node:http2";

/**
 * Starts a language host the way the engine does (it serves gRPC and prints its port) and asks it who it is.
 * An answer proves that it is built for this machine and speaks the engine's protocol, in some 50 ms and
 * without a Pulumi program.
 * @returns {Promise<string | undefined>} what is wrong with it, undefined when it works
 */
export async function askLanguageHost(file, { env, timeoutMs }) {
  // The host wants an engine's address. It connects only after five minutes, and nothing listens on port 1.
  const host = spawn(file, ["127.0.0.1:1"], { env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const port = await readPort(host, deadline);
    await getPluginInfo(port, deadline);
    return undefined;
  } catch (error) {
    return deadline.aborted ? `no answer after ${timeoutMs / 1000} s` : error.message;
  } finally {
    host.kill();
  }
}

function readPort(host, deadline) {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    deadline.addEventListener("abort", () => reject(deadline.reason), { once: true });
    host.once("error", (error) => reject(new Error(`could not be started: ${error.message}`)));
    host.once("close", (code) => reject(new Error(`ended with code ${code}: ${lastLine(stderr)}`)));
    host.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    host.stdout.on("data", (chunk) => {
      stdout += chunk;
      const end = stdout.indexOf("\n");
      if (end < 0) {
        return;
      }
      const first = stdout.slice(0, end).trim();
      if (/^\d+$/.test(first)) {
        resolve(Number(first));
      } else {
        reject(new Error(`printed "${first}" instead of its port`));
      }
    });
  });
}

function getPluginInfo(port, deadline) {
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const fail = (error) => {
      session.destroy();
      reject(error);
    };
    deadline.addEventListener("abort", () => fail(deadline.reason), { once: true });
    session.once("error", fail);
    const request = session.request({
      ":method": "POST",
      ":path": "/pulumirpc.LanguageRuntime/GetPluginInfo",
      "content-type": "application/grpc",
      te: "trailers",
    });
    request.once("error", fail);
    const onHeaders = (headers) => {
      const status = headers["grpc-status"];
      if (status === "0") {
        session.destroy();
        resolve();
      } else if (status !== undefined) {
        fail(new Error(`answered with gRPC status ${status}: ${headers["grpc-message"] ?? ""}`));
      }
    };
    // An error without a body arrives in the first headers, everything else in the trailers.
    request.once("response", onHeaders);
    request.once("trailers", onHeaders);
    request.resume();
    // gRPC's frame of an empty message: no compression, length 0.
    request.end(Buffer.alloc(5));
  });
}

function lastLine(text) {
  return text.trim().split("\n").pop() ?? "";
}
