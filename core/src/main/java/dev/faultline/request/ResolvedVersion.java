package dev.faultline.request;

/// The model version that answered, and the digest of its artifact (`sha256:...`).
public record ResolvedVersion(String model, String version, String digest) {

  /// Nothing was resolved: the request failed before or in ROUTE.
  public static final ResolvedVersion NONE = new ResolvedVersion("", "", "");

  public boolean isNone() {
    return model.isEmpty();
  }

  @Override
  public String toString() {
    return model + "/" + version;
  }
}
