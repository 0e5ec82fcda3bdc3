package dev.faultline.protocol;

import dev.faultline.request.ResolvedVersion;
import java.util.List;

/// What the classes of an output are called.
@FunctionalInterface
public interface Labels {
  Labels NONE = (_, _) -> List.of();

  /// The name of each class by its index; empty, or shorter than there are classes, when not all have one.
  List<String> of(ResolvedVersion version, String output);
}
