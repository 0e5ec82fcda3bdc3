package dev.faultline.server.profile;

/// What lets people look into the running server: its profiles.
public record Insight(Profiles profiles) implements AutoCloseable {
  @Override
  public void close() {
    profiles.close();
  }
}
