package dev.faultline.server.triton;

import dev.faultline.capture.CapturePolicy;
import dev.faultline.protocol.inference.TraceSettingResponse;
import dev.faultline.protocol.inference.TraceSettingResponse.SettingValue;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.triton.Refusal.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Triton's trace settings: level `TENSORS` keeps the next requests whole, each `trace_rate`-th until `trace_count` of them are kept. They are
/// captures like any other, redacted and bounded as those are.
///
/// A model without a setting of its own has the server's. `trace_count` goes down as requests are kept; -1 is no end. Long because each
/// setting has its own way of being wrong.
public final class TraceControl implements CapturePolicy.Wanted {
  private static final String LEVEL = "trace_level";
  private static final String RATE = "trace_rate";
  private static final String COUNT = "trace_count";
  private static final List<String> OFF = List.of("OFF");
  private static final String TENSORS = "TENSORS";
  private static final String TIMESTAMPS = "TIMESTAMPS";
  private static final Map<String, List<String>> DEFAULTS = new TreeMap<>(Map.of(
      "trace_file", List.of(""),
      LEVEL, OFF,
      RATE, List.of("1"),
      COUNT, List.of("-1"),
      "log_frequency", List.of("0"),
      "trace_mode", List.of("triton")));

  /// The server's settings, beside those of models.
  private static final String ALL = "";
  /// Models with settings of their own, and models whose requests are counted.
  private static final int MODELS_MAX = 10_000;

  private final ModelLookup models;
  private final boolean isKept;
  private final Map<String, Map<String, List<String>>> settings = new HashMap<>();
  private final Map<String, Long> seen = new HashMap<>();
  private volatile boolean isOn;

  /// @param isKept whether anything is captured at all
  public TraceControl(ModelLookup models, boolean isKept) {
    this.models = models;
    this.isKept = isKept;
  }

  /// Applies what the request names, all or nothing, and says what holds now.
  ///
  /// @param model whose settings; the server's when it is empty
  /// @param wanted values by name; an empty list clears the setting
  public TraceSettingResponse apply(String model, Map<String, List<String>> wanted) throws Refusal {
    if (!model.isEmpty()) {
      models.known(model, "");
    }
    for (Map.Entry<String, List<String>> each : wanted.entrySet()) {
      requireFit(each.getKey(), each.getValue());
    }
    synchronized (this) {
      if (!wanted.isEmpty()) {
        change(model, wanted);
      }
      return told(model);
    }
  }

  @Override
  public boolean takes(ResolvedVersion version) {
    return isOn && !version.isNone() && takes(version.model());
  }

  private synchronized boolean takes(String model) {
    if (!value(model, LEVEL).contains(TENSORS) || (seen.size() >= MODELS_MAX && !seen.containsKey(model))) {
      return false;
    }
    long number = seen.merge(model, 1L, Long::sum) - 1;
    long left = Long.parseLong(value(model, COUNT).getFirst());
    if (left == 0 || number % Long.parseLong(value(model, RATE).getFirst()) != 0) {
      return false;
    }
    if (left > 0) {
      own(owner(model, COUNT)).put(COUNT, List.of(Long.toString(left - 1)));
    }
    return true;
  }

  private void change(String model, Map<String, List<String>> wanted) throws Refusal {
    if (settings.size() >= MODELS_MAX && !settings.containsKey(model)) {
      throw new Refusal(Kind.UNAVAILABLE, "more than " + MODELS_MAX + " models have trace settings of their own; set the server's instead");
    }
    Map<String, List<String>> own = own(model);
    wanted.forEach((name, values) -> {
      if (values.isEmpty()) {
        own.remove(name);
      } else {
        own.put(name, List.copyOf(values));
      }
    });
    seen.clear();
    isOn = settings.values().stream().anyMatch(each -> each.getOrDefault(LEVEL, OFF).contains(TENSORS));
  }

  private TraceSettingResponse told(String model) {
    var response = TraceSettingResponse.newBuilder();
    DEFAULTS.keySet().forEach(name -> response.putSettings(name, SettingValue.newBuilder().addAllValue(value(model, name)).build()));
    return response.build();
  }

  private List<String> value(String model, String name) {
    return settings.getOrDefault(owner(model, name), Map.of()).getOrDefault(name, DEFAULTS.getOrDefault(name, List.of()));
  }

  /// Whose setting holds for a model.
  private String owner(String model, String name) {
    return settings.getOrDefault(model, Map.of()).containsKey(name) ? model : ALL;
  }

  private Map<String, List<String>> own(String model) {
    return settings.computeIfAbsent(model, _ -> new HashMap<>());
  }

  private void requireFit(String name, List<String> values) throws Refusal {
    if (!DEFAULTS.containsKey(name)) {
      throw invalid("there is no trace setting '" + name + "' (expected: one of " + String.join(", ", DEFAULTS.keySet()) + ")");
    }
    if (values.isEmpty()) {
      return;
    }
    switch (name) {
      case LEVEL -> requireLevel(values);
      case RATE -> requireWhole(name, values, 1);
      case COUNT -> requireWhole(name, values, -1);
      default -> requireUnchanged(name, values);
    }
  }

  private void requireLevel(List<String> levels) throws Refusal {
    for (String level : levels) {
      if (!List.of("OFF", TENSORS, TIMESTAMPS).contains(level)) {
        throw invalid("there is no trace level '" + level + "' (expected: OFF or TENSORS)");
      }
    }
    if (levels.contains("OFF") && levels.size() > 1) {
      throw invalid(LEVEL + " is " + levels + " (expected: OFF alone, or TENSORS)");
    }
    if (levels.contains(TIMESTAMPS) && !levels.contains(TENSORS)) {
      throw new Refusal(Kind.UNIMPLEMENTED, "trace level TIMESTAMPS alone is not supported: the header Server-Timing, the statistics and every capture hold the times of the stages");
    }
    if (levels.contains(TENSORS) && !isKept) {
      throw new Refusal(Kind.UNAVAILABLE, "nothing is captured here, so tensors cannot be traced (mend: start the server with capture.enabled: true)");
    }
  }

  private static void requireWhole(String name, List<String> values, int least) throws Refusal {
    if (values.size() != 1 || !isWhole(values.getFirst(), least)) {
      throw invalid(name + " is " + String.join(",", values) + " (expected: a whole number from " + least + ")");
    }
  }

  private static boolean isWhole(String text, int least) {
    try {
      return Integer.parseInt(text) >= least;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void requireUnchanged(String name, List<String> values) throws Refusal {
    List<String> there = DEFAULTS.getOrDefault(name, List.of());
    if (!values.equals(there)) {
      throw new Refusal(Kind.UNIMPLEMENTED, name + " is '" + String.join(",", there) + "' and cannot change: what is traced is kept with the captures (faultline captures)");
    }
  }

  private static Refusal invalid(String sentence) {
    return new Refusal(Kind.INVALID_ARGUMENT, sentence);
  }
}
