package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;

/// One piece of evidence of a `fault.v1` document as a line. A kind this build does not know is shown as it came.
final class EvidenceLine {
  private EvidenceLine() {}

  static String of(JsonNode evidence) {
    return switch (text(evidence, "kind")) {
      case "value" -> "got " + text(evidence, "got") + ", allowed " + text(evidence, "allowed") + source(evidence);
      case "engine" -> text(evidence, "engine") + " said " + text(evidence, "code") + ": " + text(evidence, "message");
      case "limit" -> text(evidence, "name") + " " + text(evidence, "got") + " of " + text(evidence, "limit") + " " + text(evidence, "unit");
      case "summary" -> summary(evidence);
      case "swallowed" -> "node " + text(evidence.path("by"), "name") + " (" + text(evidence.path("by"), "op") + ") made " + text(evidence, "value")
          + " of " + text(evidence, "nonfinite") + " values that are not finite";
      default -> evidence.toString();
    };
  }

  private static String source(JsonNode evidence) {
    return text(evidence, "source").isEmpty() ? "" : " by " + text(evidence, "source");
  }

  private static String summary(JsonNode evidence) {
    var line = new StringBuilder(text(evidence, "at")).append(' ').append(text(evidence, "tensor")).append(' ');
    line.append(text(evidence, "datatype")).append(evidence.path("shape")).append(": ").append(text(evidence, "nan")).append(" NaN, ");
    line.append(text(evidence, "infinite")).append(" infinite of ").append(text(evidence, "count"));
    if (!text(evidence, "min").isEmpty()) {
      line.append(", ").append(text(evidence, "min")).append(" to ").append(text(evidence, "max")).append(", mean ").append(text(evidence, "mean"));
    }
    return line.toString();
  }
}
