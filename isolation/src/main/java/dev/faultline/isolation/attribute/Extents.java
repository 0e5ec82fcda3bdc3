package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Reading;
import java.util.List;

/// Shapes as numbers.
final class Extents {
  private Extents() {}

  static double elements(Reading reading) {
    return of(reading).stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
  }

  static double along(Reading reading, int axis) {
    return of(reading).get(axis);
  }

  /// The only axis along which shapes differ; -1 when there are several, none, or ranks differ.
  static int varyingAxis(Part part) {
    int varying = -1;
    List<Long> first = part.size() == 0 ? List.of() : of(part.reading(0));
    for (int entry = 1; entry < part.size(); entry++) {
      List<Long> extents = of(part.reading(entry));
      if (extents.size() != first.size()) {
        return -1;
      }
      for (int axis = 0; axis < first.size(); axis++) {
        if (!extents.get(axis).equals(first.get(axis)) && axis != varying) {
          if (varying >= 0) {
            return -1;
          }
          varying = axis;
        }
      }
    }
    return varying;
  }

  private static List<Long> of(Reading reading) {
    return ((Reading.Extents) reading).value();
  }
}
