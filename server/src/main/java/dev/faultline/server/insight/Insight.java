package dev.faultline.server.insight;

import dev.faultline.server.memory.MemoryUse;
import dev.faultline.server.nodes.NodeTimes;
import dev.faultline.server.profile.AutoProfiles;
import dev.faultline.server.profile.Profiles;
import dev.faultline.server.threads.ThreadDump;

/// What lets people look into the running server: its profiles, the times of its models' nodes, its threads and its memory.
/// What is profiled by itself is begun here too.
public record Insight(Profiles profiles, NodeTimes nodes, ThreadDump threads, MemoryUse memory, AutoProfiles automatic) implements AutoCloseable {
  @Override
  public void close() {
    automatic.close();
    profiles.close();
  }
}
