package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.traffic.Input;
import java.util.List;
import java.util.Map;

/// One captured request as a method sees it: what it says beside its inputs, and whether it failed.
///
/// @param dimensions version, client, headers
public record Row(Map<String, String> dimensions, List<Input> inputs, boolean failing, String stage, String code, String node) {
  public Row {
    dimensions = Map.copyOf(dimensions);
    inputs = List.copyOf(inputs);
  }

  public String version() {
    return dimensions.getOrDefault("version", "");
  }
}
