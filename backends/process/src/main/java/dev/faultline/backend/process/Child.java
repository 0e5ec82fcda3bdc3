package dev.faultline.backend.process;

import java.util.concurrent.CompletableFuture;

/// A child process and the moment of its end.
///
/// A thread of its own waits for it: `Process.onExit` would tell on the common pool, and whoever fills that pool with waiting tasks
/// would keep us from noticing that the child is dead.
record Child(Process process, CompletableFuture<Process> exit) {

  static Child of(Process process, String name) {
    var exit = new CompletableFuture<Process>();
    Thread.ofPlatform().daemon().name(name).start(() -> await(process, exit));
    return new Child(process, exit);
  }

  void kill() {
    process.destroyForcibly();
  }

  private static void await(Process process, CompletableFuture<Process> exit) {
    try {
      process.waitFor();
      exit.complete(process);
    } catch (InterruptedException e) {
      exit.completeExceptionally(e);
    }
  }
}
