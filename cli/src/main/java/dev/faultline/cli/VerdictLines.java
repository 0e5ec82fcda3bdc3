package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a `verdict.v1` document says, as lines of text.
record VerdictLines(JsonNode verdict) {

  /// How sure, what is to blame, and why.
  String sure() {
    String confidence = text(verdict, "confidence");
    String meaning = switch (confidence) {
      case "VERIFIED" -> "flipped both ways";
      case "SUPPORTED" -> "observed, or separated with controlled error";
      case "SUSPECTED" -> "not confirmed by an experiment";
      default -> "no claim";
    };
    return confidence + " " + text(verdict, "cause") + " (" + meaning + "): " + text(verdict, "summary");
  }

  /// Between which versions it came in, empty when that is not known.
  String since() {
    JsonNode model = verdict.path("model");
    if (text(model, "first_bad").isEmpty()) {
      return "";
    }
    String posterior = text(model, "posterior");
    return "version " + text(model, "first_bad") + "; last good " + text(model, "last_good") + (posterior.isEmpty() ? "" : "; posterior " + posterior);
  }

  List<String> fields() {
    var lines = new ArrayList<String>();
    verdict.path("fields").forEach(field -> {
      JsonNode boundary = field.path("boundary");
      String limit = boundary.isObject() ? "   fails " + text(boundary, "operator") + " " + text(boundary, "value") : "";
      lines.add(text(field, "path") + " = " + shown(field.path("value")) + "   passes with " + shown(field.path("baseline")) + limit);
    });
    return lines;
  }

  String conditions() {
    var terms = new ArrayList<String>();
    verdict.path("conditions").forEach(each -> terms.add(text(each, "dimension") + " " + text(each, "operator") + " " + shown(each.path("value"))));
    return String.join(" and ", terms);
  }

  String node() {
    JsonNode node = verdict.path("node");
    return node.isObject() ? text(node, "name") + " (op " + text(node, "op") + ", #" + text(node, "index") + ")" : "";
  }

  String initializer() {
    JsonNode changed = verdict.path("initializer");
    return changed.isObject() ? text(changed, "name") + text(changed, "slice") + "  " + text(changed, "good") + " -> " + text(changed, "bad") : "";
  }

  List<String> evidence() {
    var lines = new ArrayList<String>();
    verdict.path("evidence").forEach(each -> {
      String runs = each.path("runs").isNumber() ? "   fails " + text(each, "failed") + "/" + text(each, "runs") : "";
      lines.add(text(each, "text") + runs);
    });
    return lines;
  }

  String ruledOut() {
    var parts = new ArrayList<String>();
    verdict.path("ruled_out").forEach(each -> {
      if (text(each, "what").equals(text(each, "what").toUpperCase(Locale.ROOT))) {
        parts.add(text(each, "what").toLowerCase(Locale.ROOT) + ": " + text(each, "why"));
      }
    });
    return String.join("; ", parts);
  }

  List<String> mends() {
    var lines = new ArrayList<String>();
    verdict.path("mend").forEach(each -> lines.add(text(each, "text") + (text(each, "command").isEmpty() ? "" : "   " + text(each, "command"))));
    return lines;
  }

  String cost() {
    return text(verdict, "replays") + " replays, " + text(verdict, "millis") + " ms";
  }

  private static String shown(JsonNode value) {
    return value.isTextual() ? "'" + value.asText() + "'" : value.toString();
  }
}
