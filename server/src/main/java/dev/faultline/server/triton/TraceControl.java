package dev.faultline.server.triton;

import dev.faultline.protocol.inference.TraceSettingResponse;
import dev.faultline.protocol.inference.TraceSettingResponse.SettingValue;
import dev.faultline.server.triton.Refusal.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Triton's trace settings. Stages are timed for every request anyway and tensors are kept by the capture policy, so tracing to a file is
/// off and stays off; asking for it is refused with the place to look.
public final class TraceControl {
  private static final Map<String, List<String>> SETTINGS = new TreeMap<>(Map.of(
      "trace_file", List.of(""),
      "trace_level", List.of("OFF"),
      "trace_rate", List.of("1000"),
      "trace_count", List.of("-1"),
      "log_frequency", List.of("0"),
      "trace_mode", List.of("triton")));

  private final ModelLookup models;

  public TraceControl(ModelLookup models) {
    this.models = models;
  }

  /// @param wanted values by name; an empty list clears the setting
  public TraceSettingResponse apply(String model, Map<String, List<String>> wanted) throws Refusal {
    if (!model.isEmpty()) {
      models.known(model, "");
    }
    for (Map.Entry<String, List<String>> each : wanted.entrySet()) {
      List<String> there = SETTINGS.get(each.getKey());
      if (there == null) {
        throw new Refusal(Kind.INVALID_ARGUMENT, "there is no trace setting '" + each.getKey() + "' (expected: one of " + String.join(", ", SETTINGS.keySet()) + ")");
      }
      if (!each.getValue().isEmpty() && !each.getValue().equals(there)) {
        String reason = "trace setting '" + each.getKey() + "' is " + there + " and cannot change: Server-Timing and captures hold what a trace would";
        throw new Refusal(Kind.UNIMPLEMENTED, reason);
      }
    }
    var response = TraceSettingResponse.newBuilder();
    SETTINGS.forEach((name, values) -> response.putSettings(name, SettingValue.newBuilder().addAllValue(values).build()));
    return response.build();
  }
}
