package dev.faultline.backend.process;

/// When an input is refused: after `kills` workers died of it, until `ttlMillis` after the last. At most `inputsMax` inputs are
/// remembered, those that killed last.
public record QuarantinePolicy(int kills, long ttlMillis, int inputsMax) {
  public static final QuarantinePolicy STANDARD = new QuarantinePolicy(2, 600_000, 1_024);
}
