package dev.faultline.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/// Which faults, groups or captures are wanted. The names are those of the admin API's parameters.
final class FilterOptions {
  private final Map<String, String> wanted = new LinkedHashMap<>();
  private String since = "";
  private String until = "";

  @Option(names = "--limit", paramLabel = "N", order = 19, description = "At most so many. Default: 100.")
  private int limit = 100;

  @Option(names = "--model", paramLabel = "NAME", order = 10, description = "Of this model.")
  void model(String value) {
    wanted.put("model", value);
  }

  @Option(names = "--version", paramLabel = "V", order = 11, description = "Of this version.")
  void version(String value) {
    wanted.put("version", value);
  }

  @Option(names = "--code", paramLabel = "CODE", order = 12, description = "Of this code, such as validate.range.")
  void code(String value) {
    wanted.put("code", value);
  }

  @Option(names = "--stage", paramLabel = "STAGE", order = 13, description = "Of this stage, such as INFER.")
  void stage(String value) {
    wanted.put("stage", value.toUpperCase(Locale.ROOT));
  }

  @Option(names = "--blame", paramLabel = "WHO", order = 14, description = "Where this one must act: CALLER, MODEL, SERVER, CAPACITY, UPSTREAM.")
  void blame(String value) {
    wanted.put("blame", value.toUpperCase(Locale.ROOT));
  }

  @Option(names = "--since", paramLabel = "WHEN", order = 17, description = "Since then: 30m, 2h, 7d, or 2026-11-23T10:00:00Z.")
  void since(String value) {
    since = value;
  }

  @Option(names = "--until", paramLabel = "WHEN", order = 18, description = "Until then.")
  void until(String value) {
    until = value;
  }

  int limit() {
    return limit;
  }

  Map<String, String> query() throws CommandException {
    var query = new LinkedHashMap<>(wanted);
    Instant now = Instant.now();
    if (!since.isEmpty()) {
      query.put("since", Since.of("--since", since, now).toString());
    }
    if (!until.isEmpty()) {
      query.put("until", Since.of("--until", until, now).toString());
    }
    return query;
  }
}
