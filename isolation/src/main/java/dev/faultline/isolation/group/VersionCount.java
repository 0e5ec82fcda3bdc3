package dev.faultline.isolation.group;

/// How often one version was asked, and how often a group's fault showed on it.
public record VersionCount(String version, long requests, long failures) {

  public VersionCount {
    if (requests < failures || failures < 0) {
      throw new IllegalArgumentException("version '" + version + "' has " + failures + " failures of " + requests + " requests (expected: 0 to as many)");
    }
  }
}
