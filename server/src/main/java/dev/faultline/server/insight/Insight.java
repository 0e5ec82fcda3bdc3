package dev.faultline.server.insight;

import dev.faultline.server.nodes.NodeTimes;
import dev.faultline.server.profile.Profiles;

/// What lets people look into the running server: its profiles, and the times of its models' nodes.
public record Insight(Profiles profiles, NodeTimes nodes) implements AutoCloseable {
  @Override
  public void close() {
    profiles.close();
  }
}
