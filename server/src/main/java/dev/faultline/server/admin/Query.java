package dev.faultline.server.admin;

import dev.faultline.capture.CaptureQuery;
import dev.faultline.fault.NearestName;
import dev.faultline.server.http.Call;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parameters of a list: filters, a span of time, and the page. A parameter that nobody knows is an error, because a filter with a
/// slip of the pen in it would answer more than was asked for.
record Query(Map<String, String> filters, Instant since, Instant until, String cursor, int limit) {
  private static final List<String> OF_EVERY_LIST = List.of("since", "until", "cursor", "limit");

  Query {
    filters = Map.copyOf(filters);
  }

  /// @throws Refusal 400 naming what is wrong
  static Query of(Call call, List<String> filterNames) {
    Map<String, String> given = given(call, filterNames);
    var filters = new LinkedHashMap<>(given);
    OF_EVERY_LIST.forEach(filters::remove);
    return new Query(
        filters,
        time(given, "since", Instant.MIN),
        time(given, "until", Instant.MAX),
        given.getOrDefault("cursor", ""),
        limit(given.getOrDefault("limit", String.valueOf(CaptureQuery.LIMIT_DEFAULT))));
  }

  /// @throws Refusal when the route takes no parameters and got one
  static void none(Call call) {
    given(call, List.of(), List.of());
  }

  Optional<String> filter(String name) {
    return Optional.ofNullable(filters.get(name));
  }

  /// Whether a filter is not given or is this value.
  boolean allows(String name, String value) {
    return filter(name).map(wanted -> wanted.equals(value)).orElse(true);
  }

  boolean allows(Instant at) {
    return !at.isBefore(since) && at.isBefore(until);
  }

  private static Map<String, String> given(Call call, List<String> filterNames) {
    return given(call, filterNames, OF_EVERY_LIST);
  }

  static Map<String, String> given(Call call, List<String> names, List<String> more) {
    var known = new ArrayList<>(names);
    known.addAll(more);
    var given = new LinkedHashMap<String, String>();
    call.query().forEach((name, values) -> {
      if (!known.contains(name)) {
        throw Refusal.badRequest("there is no parameter '" + name + "'" + expected(name, known));
      }
      if (values.size() != 1) {
        throw Refusal.badRequest("parameter '" + name + "' is given " + values.size() + " times (expected: once)");
      }
      given.put(name, values.getFirst());
    });
    return given;
  }

  private static String expected(String name, List<String> known) {
    if (known.isEmpty()) {
      return " (expected: none)";
    }
    return NearestName.of(name, known).map(near -> " (did you mean '" + near + "'?)").orElse(" (expected: one of " + String.join(", ", known) + ")");
  }

  private static Instant time(Map<String, String> given, String name, Instant absent) {
    String text = given.getOrDefault(name, "");
    try {
      return text.isEmpty() ? absent : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Refusal.badRequest("parameter '" + name + "' is '" + text + "' (expected: a time such as 2026-11-23T10:04:11Z)");
    }
  }

  private static int limit(String text) {
    boolean whole = text.matches("\\d{1,6}");
    int limit = whole ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > CaptureQuery.LIMIT_MAX) {
      throw Refusal.badRequest("parameter 'limit' is '" + text + "' (expected: 1 to " + CaptureQuery.LIMIT_MAX + ")");
    }
    return limit;
  }
}
