package dev.faultline.isolation.rule;

import dev.faultline.contract.Rule;
import dev.faultline.serving.declaration.Bounds;
import java.util.Collection;
import java.util.stream.Collectors;

/// A rule in a few words, as people would say it: `speed: 0 to 400`.
public final class RuleWords {
  private static final int VALUES_MAX = 6;

  private RuleWords() {}

  /// With its field.
  public static String of(Rule rule) {
    return rule.field() + ": " + what(rule);
  }

  public static String what(Rule rule) {
    return switch (rule) {
      case Rule.Nullable _ -> "may be missing";
      case Rule.Finite _ -> "finite";
      case Rule.Range(var _, double min, double max) -> span(Bounds.text(min), Double.isInfinite(min), Bounds.text(max), Double.isInfinite(max));
      case Rule.AllowedValues(var _, var values) -> values(values);
      case Rule.Pattern(var _, var regex) -> "matches " + regex.pattern();
      case Rule.Length(var _, int min, int max) -> span(String.valueOf(min), false, String.valueOf(max), max == Integer.MAX_VALUE) + " characters";
      case Rule.Rows(var _, long min, long max) -> span(String.valueOf(min), false, String.valueOf(max), max == Long.MAX_VALUE) + " rows";
    };
  }

  /// The key of `contract.yaml` that states it.
  public static String key(Rule rule) {
    return switch (rule) {
      case Rule.Nullable _ -> "nullable";
      case Rule.Finite _ -> "finite";
      case Rule.Range _ -> "range";
      case Rule.AllowedValues _ -> "values";
      case Rule.Pattern _ -> "pattern";
      case Rule.Length _ -> "length";
      case Rule.Rows _ -> "rows";
    };
  }

  static String values(Collection<String> values) {
    return "one of " + (values.size() > VALUES_MAX ? values.size() + ": " : "") + listed(values);
  }

  static String listed(Collection<String> values) {
    return values.stream().limit(VALUES_MAX).collect(Collectors.joining(", ")) + (values.size() > VALUES_MAX ? ", ..." : "");
  }

  static String span(String min, boolean openBelow, String max, boolean openAbove) {
    if (openBelow) {
      return openAbove ? "any number" : "at most " + max;
    }
    return openAbove ? "at least " + min : min + " to " + max;
  }
}
