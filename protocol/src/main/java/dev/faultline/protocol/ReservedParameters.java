package dev.faultline.protocol;

import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import java.util.Map;

/// The request parameters that change how the server treats a request, as opposed to those it passes on.
record ReservedParameters(Map<String, Object> parameters) {
  private static final String TIMEOUT = "timeout";
  private static final String PRIORITY = "priority";
  private static final String PIN_VERSION = "faultline_pin_version";
  private static final long NANOS_PER_MICRO = 1_000;
  /// About 146 years; beyond that a deadline is none, and sums with it would wrap.
  private static final long TIMEOUT_MICROS_MAX = Long.MAX_VALUE / NANOS_PER_MICRO / 2;

  /// Refuses a priority that says nothing; [dev.faultline.request.InferenceRequest#priority] reads what is left.
  ReservedParameters requireSoundPriority() {
    Object priority = parameters.get(PRIORITY);
    if (priority != null && (!(priority instanceof Long level) || level < 0)) {
      throw unfit(PRIORITY, priority, "a whole number: 1 is served first, 0 is the default");
    }
    return this;
  }

  Deadline deadline(long arrivedAtNanos) {
    Object timeout = parameters.get(TIMEOUT);
    if (timeout == null) {
      return Deadline.NEVER;
    }
    if (!(timeout instanceof Long micros) || micros < 0) {
      throw unfit(TIMEOUT, timeout, "a whole number of microseconds from 0");
    }
    return micros > TIMEOUT_MICROS_MAX ? Deadline.NEVER : Deadline.after(arrivedAtNanos, micros * NANOS_PER_MICRO);
  }

  /// The model asked for by the path, with the version the parameter pins.
  ModelRef model(ModelRef asked) {
    String pinned = pinnedVersion();
    if (asked.isPinned() && !pinned.isEmpty() && !pinned.equals(asked.version())) {
      throw JsonReader.fault(
          "the path or the header asks for version '" + Excerpt.name(asked.version()) + "' and parameter '" + PIN_VERSION + "' for '" + Excerpt.name(pinned)
              + "' (expected: one of them, or both the same)",
          pointer(PIN_VERSION));
    }
    return pinned.isEmpty() ? asked : new ModelRef(asked.name(), pinned);
  }

  private String pinnedVersion() {
    return switch (parameters.getOrDefault(PIN_VERSION, "")) {
      case String text -> text;
      case Long number -> number.toString();
      case Object other -> throw unfit(PIN_VERSION, other, "a version");
    };
  }

  private static RuntimeException unfit(String name, Object got, String want) {
    return JsonReader.fault("parameter '" + name + "' is " + Excerpt.value(got.toString()) + " (expected: " + want + ")", pointer(name));
  }

  private static String pointer(String name) {
    return "/parameters/" + name;
  }
}
