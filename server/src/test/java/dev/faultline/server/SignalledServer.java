package dev.faultline.server;

import java.nio.file.Path;
import java.util.Map;

/// A server in a process of its own, which [SignalsTest] sends signals.
final class SignalledServer {
  private SignalledServer() {}

  /// @param args the folder, and the limit of a run
  public static void main(String[] args) throws Exception {
    var running = new RunningServer(Path.of(args[0]), Map.of("limits.infer_timeout", args[1], "ports-file", args[0] + "/ports.json"));
    running.server.stopOnSignals();
    System.out.println(running.server.ports().http());
    running.server.awaitStopped();
  }
}
