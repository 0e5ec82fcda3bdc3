package dev.faultline.compare;

import java.util.List;

/// What comparing two answers gave: the differences, none when they are the same within tolerance.
///
/// `elements` were compared; `absoluteMax` is the largest difference of two finite numbers, within tolerance or not, so that the noise
/// of a version can be measured.
public record Comparison(List<Difference> differences, long elements, double absoluteMax) {

  public Comparison {
    differences = List.copyOf(differences);
  }

  public boolean isSame() {
    return differences.isEmpty();
  }

  /// Whether the answer has another form than the expected one, or a number that is not finite where one was.
  public boolean isBroken() {
    return differences.stream().anyMatch(Difference::isBroken);
  }

  /// Whether the answer has another label or winner, or is broken.
  public boolean saysOtherwise() {
    return differences.stream().anyMatch(Difference::saysOtherwise);
  }
}
