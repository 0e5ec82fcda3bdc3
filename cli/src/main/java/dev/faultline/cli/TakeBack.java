package dev.faultline.cli;

import java.util.Map;

/// Takes back what was asked of the server when the process is told to end before the answer is there: by Ctrl-C, or SIGTERM. Otherwise the server would
/// go on with what nobody waits for. Closed when the answer is there.
final class TakeBack implements AutoCloseable {
  private final Thread hook;

  /// `path` is what was asked for, below `/faultline/v1/`.
  TakeBack(AdminClient client, Terminal terminal, String path) {
    this.hook = new Thread(() -> take(client, terminal, path), "take-back");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void take(AdminClient client, Terminal terminal, String path) {
    try {
      client.delete(path, Map.of());
      terminal.say("taken back: " + path);
    } catch (CommandException e) {
      terminal.say("the server goes on with " + path + ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending: the hook is at work
      return;
    }
  }
}
