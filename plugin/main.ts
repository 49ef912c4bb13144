import { fstatSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import * as client from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { followEngine } from "../provider/engine/lifeline";
import { engineAddress } from "../provider/engine/progress";
import { serviceOf } from "./service";

/** A state may be larger than gRPC's limit. */
const MOST_BYTES = 400 * 1024 * 1024;

/** Starts the plugin: prints the port on which it listens, and ends with its engine. */
function main(): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MOST_BYTES,
    "grpc.max_send_message_length": MOST_BYTES,
  });
  const engine = engineAddress(process.argv);
  const modules = () => ({ grpc, client, messages });
  server.addService(
    ResourceProviderService,
    serviceOf({ engine, env: process.env, follow: followEngine, modules }),
  );
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error !== null) throw error;
    process.stdout.write(`${port}\n`);
  });
  endWithStdin();
}

/** The engine holds the other end of the pipe. A terminal or an empty input is no engine, and says nothing. */
function endWithStdin(): void {
  if (!isPipe()) return;
  const end = (): never => process.exit(1);
  process.stdin.on("end", end).on("error", end).resume();
}

function isPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}

main();
