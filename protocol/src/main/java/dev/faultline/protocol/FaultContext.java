package dev.faultline.protocol;

/// What the server knows of a fault besides the fault: where it was filed, and whether it changed the answer.
///
/// Texts are empty when there is no group, capture or stated confidence; without a stated one [FaultDocument] derives it.
/// `redacted` says that the request was kept with parts removed.
public record FaultContext(String group, String fingerprint, String capture, String confidence, Standing standing, boolean redacted) {

  /// Whether the request failed or was served all the same.
  public enum Standing {
    FAULT,
    SUSPICION
  }

  public static FaultContext of(Standing standing) {
    return new FaultContext("", "", "", "", standing, false);
  }

  public FaultContext inGroup(String newGroup, String newFingerprint) {
    return new FaultContext(newGroup, newFingerprint, capture, confidence, standing, redacted);
  }

  public FaultContext keptAs(String newCapture, boolean newRedacted) {
    return new FaultContext(group, fingerprint, newCapture, confidence, standing, newRedacted);
  }

  public FaultContext withConfidence(String newConfidence) {
    return new FaultContext(group, fingerprint, capture, newConfidence, standing, redacted);
  }

  public boolean isSuspicion() {
    return standing == Standing.SUSPICION;
  }
}
