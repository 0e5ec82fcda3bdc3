package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.function.Consumer;

/// What good requests taught, field by field, and what that would refuse. Where the contract itself is the result it is said beside it, on stderr.
record InferReport(Terminal terminal, JsonNode result, boolean beside) {

  void print() {
    Consumer<String> printer = beside ? terminal::say : terminal::print;
    long requests = result.path("requests").asLong();
    printer.accept("read %,d good requests%s, %,d fields".formatted(requests, sample(requests), result.path("fields").size()));
    if (result.path("passed_over").asLong() > 0) {
      printer.accept("  %,d requests were passed over: the contract refuses them, or their body is not kept".formatted(result.path("passed_over").asLong()));
    }
    result.path("fields").forEach(field -> field(printer, field));
    printer.accept("%,d fields, %,d rules, %,d questions. Of all that is kept they would say:".formatted(result.path("fields").size(), count("rules"), count("questions")));
    new CheckReport(printer, result.path("check")).print();
    if (!beside && count("rules") > 0) {
      printer.accept("  its place is " + text(result, "file") + (result.path("exists").asBoolean() ? ", all of which it holds" : ""));
    }
  }

  /// Nothing learnt is no answer.
  ExitCode exit() {
    return count("rules") > 0 ? ExitCode.GOOD : ExitCode.INCONCLUSIVE;
  }

  private String sample(long requests) {
    long different = result.path("different").asLong();
    long all = result.path("stand_for").asLong();
    return (different < requests ? ", %,d different".formatted(different) : "") + (all > requests ? ", a sample of about %,d".formatted(all) : "");
  }

  private static void field(Consumer<String> printer, JsonNode field) {
    String name = text(field, "field") + (text(field, "column").isEmpty() ? "" : "." + text(field, "column"));
    printer.accept("  %-20s %-5s %s".formatted(name, text(field, "datatype"), text(field, "seen")));
    field.path("rules").forEach(rule -> printer.accept("      rule  " + text(rule, "key") + ": " + shortened(text(rule, "value")) + "   " + support(rule)));
    texts(field.path("questions")).forEach(question -> printer.accept("      ASK   " + question));
    texts(field.path("notes")).forEach(note -> printer.accept("      note  " + note));
  }

  private static String support(JsonNode rule) {
    String newest = rule.path("newest").asLong() > 0 ? "; of the newest %,d it refused %,d".formatted(rule.path("newest").asLong(), rule.path("newest_refused").asLong()) : "";
    return "%s; %,d requests, at most %s of good ones refused%s".formatted(text(rule, "why"), rule.path("requests").asLong(), String.format(Locale.ROOT, "%.2g %%", 100 * rule.path("refused_at_most").asDouble()), newest);
  }

  private static String shortened(String value) {
    return value.length() <= 60 ? value : value.substring(0, 57) + "...";
  }

  private long count(String what) {
    long count = 0;
    for (JsonNode field : result.path("fields")) {
      count += field.path(what).size();
    }
    return count;
  }
}
