package dev.faultline.server.insight;

import dev.faultline.server.nodes.NodeTimes;
import dev.faultline.server.profile.Profiles;
import dev.faultline.server.threads.ThreadDump;

/// What lets people look into the running server: its profiles, the times of its models' nodes, and its threads.
public record Insight(Profiles profiles, NodeTimes nodes, ThreadDump threads) implements AutoCloseable {
  @Override
  public void close() {
    profiles.close();
  }
}
