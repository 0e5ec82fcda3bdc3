package dev.faultline.request;

/// What a caller asked for. `version` is empty when the caller left the choice to the server.
public record ModelRef(String name, String version) {

  public boolean isPinned() {
    return !version.isEmpty();
  }
}
