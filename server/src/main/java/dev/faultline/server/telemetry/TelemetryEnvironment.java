package dev.faultline.server.telemetry;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What the environment's `OTEL_*` variables ask for. Knows no class of OpenTelemetry's, so that a server that is not asked loads none.
///
/// Telemetry is on when an address (`OTEL_EXPORTER_OTLP_ENDPOINT`, or one for a signal) or an exporter (`OTEL_TRACES_EXPORTER` and its like)
/// is named, and `OTEL_SDK_DISABLED` is not `true`. A signal for which neither an address nor an exporter is named is not sent.
public record TelemetryEnvironment(Map<String, String> variables) {
  /// Where exceptions go: log records, or span events too.
  enum Exceptions {
    LOGS,
    LOGS_AND_SPANS
  }

  private static final String PREFIX = "OTEL_";
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String EXCEPTIONS = "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN";
  private static final String STABILITY = "OTEL_SEMCONV_STABILITY_OPT_IN";
  private static final Set<String> STABILITIES = Set.of("http", "http/dup", "rpc", "rpc/dup", "database", "database/dup", "messaging", "code", "code/dup");
  private static final Map<String, String> DEFAULTS = Map.of(
      "otel.exporter.otlp.protocol", "http/protobuf",
      "otel.bsp.max.queue.size", "8192",
      "otel.blrp.max.queue.size", "8192");

  /// Keeps what begins with `OTEL_` and is not empty, as the specification has it.
  public TelemetryEnvironment(Map<String, String> variables) {
    var kept = new HashMap<String, String>();
    variables.forEach((name, value) -> {
      if (name.startsWith(PREFIX) && !value.isBlank()) {
        kept.put(name, value.strip());
      }
    });
    this.variables = Map.copyOf(kept);
  }

  public boolean isOn() {
    boolean asked = variables.containsKey(ENDPOINT) || SIGNALS.stream().anyMatch(this::isNamed);
    return asked && !value("OTEL_SDK_DISABLED").equalsIgnoreCase("true") && SIGNALS.stream().anyMatch(this::isSent);
  }

  static final String TRACES = "traces";
  static final String METRICS = "metrics";
  static final String LOGS = "logs";
  static final List<String> SIGNALS = List.of(TRACES, METRICS, LOGS);

  boolean isSent(String signal) {
    String exporter = value(exporterOf(signal));
    return exporter.isEmpty() ? variables.containsKey(ENDPOINT) || variables.containsKey(endpointOf(signal)) : !exporter.equals("none");
  }

  /// Where exceptions go.
  ///
  /// @throws IllegalArgumentException when the variable has a value that nobody knows
  Exceptions exceptions() {
    return switch (value(EXCEPTIONS)) {
      case "", "logs" -> Exceptions.LOGS;
      case "logs/dup" -> Exceptions.LOGS_AND_SPANS;
      default -> throw unknown(EXCEPTIONS, value(EXCEPTIONS), "logs or logs/dup");
    };
  }

  /// Whether calls of gRPC carry the names from before the conventions were stable too.
  ///
  /// @throws IllegalArgumentException when the variable has a value that nobody knows
  boolean wantsOldRpcNames() {
    boolean wanted = false;
    for (String word : value(STABILITY).split(",", -1)) {
      String each = word.strip();
      if (!each.isEmpty() && !STABILITIES.contains(each)) {
        throw unknown(STABILITY, each, "rpc/dup, or one of " + String.join(", ", STABILITIES.stream().sorted().toList()));
      }
      wanted |= each.equals("rpc/dup");
    }
    return wanted;
  }

  /// For the SDK's own reader, which lets a variable of the process itself win: the variables as properties, and defaults for what they leave
  /// open.
  Map<String, String> properties() {
    var properties = new HashMap<>(DEFAULTS);
    for (String signal : SIGNALS) {
      properties.put("otel." + signal + ".exporter", isSent(signal) ? "otlp" : "none");
    }
    if (!value("OTEL_RESOURCE_ATTRIBUTES").contains("service.name=")) {
      properties.put("otel.service.name", "faultline");
    }
    variables.forEach((name, value) -> properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
    return properties;
  }

  private boolean isNamed(String signal) {
    return variables.containsKey(endpointOf(signal)) || variables.containsKey(exporterOf(signal));
  }

  private static String endpointOf(String signal) {
    return "OTEL_EXPORTER_OTLP_" + signal.toUpperCase(Locale.ROOT) + "_ENDPOINT";
  }

  private static String exporterOf(String signal) {
    return "OTEL_" + signal.toUpperCase(Locale.ROOT) + "_EXPORTER";
  }

  private String value(String name) {
    return variables.getOrDefault(name, "");
  }

  private static IllegalArgumentException unknown(String name, String found, String expected) {
    return new IllegalArgumentException("the environment variable " + name + " is '" + found + "' (expected: " + expected + ")");
  }
}
