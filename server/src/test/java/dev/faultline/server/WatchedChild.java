package dev.faultline.server;

import java.nio.file.Path;
import java.util.Map;

/// A server in a process of its own, whose disk a test makes full. It ends when its standard input does.
final class WatchedChild {
  private WatchedChild() {}

  /// @param args the folder, and the name of the model
  public static void main(String[] args) throws Exception {
    try (Site site = Site.fake(Path.of(args[0]), args[1], Map.of(), new FakeEngine())) {
      System.out.println(site.address());
      while (System.in.read() >= 0) {
        // commands are none of its business
      }
    }
  }
}
