package dev.faultline.serving.stage;

import dev.faultline.contract.Rule;
import dev.faultline.fault.FaultCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// All that a contract says about the texts of one column, or of a whole tensor that has no column rules. One element breaks at most
/// one of them; the length is asked first, so that a pattern never sees a text that is too long.
final class TextRule {
  private final boolean nullable;
  private final int min;
  private final int max;
  private final Set<String> values;
  private final @Nullable AllowedTexts allowed;
  private final List<Pattern> patterns;

  private TextRule(boolean nullable, int min, int max, Set<String> values, List<Pattern> patterns) {
    this.nullable = nullable;
    this.min = min;
    this.max = max;
    this.values = values;
    this.allowed = values.isEmpty() ? null : AllowedTexts.of(values);
    this.patterns = List.copyOf(patterns);
  }

  static TextRule of(List<Rule> rules) {
    boolean nullable = false;
    int min = 0;
    int max = Integer.MAX_VALUE;
    Set<String> values = Set.of();
    var patterns = new ArrayList<Pattern>();
    for (Rule rule : rules) {
      switch (rule) {
        case Rule.Nullable _ -> nullable = true;
        case Rule.Length length -> {
          min = Math.max(min, length.min());
          max = Math.min(max, length.max());
        }
        case Rule.AllowedValues some -> values = some.values();
        case Rule.Pattern pattern -> patterns.add(pattern.regex());
        case Rule.Finite _, Rule.Range _ -> {} // for numbers only; the contract's reader has warned
        case Rule.Rows _ -> {} // about the shape
      }
    }
    return new TextRule(nullable, min, max, values, patterns);
  }

  boolean isFree() {
    return min == 0 && max == Integer.MAX_VALUE && allowed == null && patterns.isEmpty();
  }

  boolean isNullable() {
    return nullable;
  }

  Optional<FaultCode> broken(byte[] text) {
    int length = codePoints(text);
    if (length < min || length > max) {
      return Optional.of(FaultCode.VALIDATE_LENGTH);
    }
    if (allowed != null && !allowed.contains(text)) {
      return Optional.of(FaultCode.VALIDATE_VALUES);
    }
    return patterns.isEmpty() || mismatch(text).isEmpty() ? Optional.empty() : Optional.of(FaultCode.VALIDATE_PATTERN);
  }

  String want(FaultCode broken, byte[] text) {
    return switch (broken) {
      case VALIDATE_LENGTH -> max == Integer.MAX_VALUE ? "at least " + min + " characters" : min + " to " + max + " characters";
      case VALIDATE_VALUES -> Shown.values(values);
      default -> "a text that matches " + mismatch(text).map(Pattern::pattern).orElse("");
    };
  }

  private Optional<Pattern> mismatch(byte[] text) {
    String decoded = new String(text, StandardCharsets.UTF_8);
    for (Pattern pattern : patterns) {
      if (!BoundedMatch.matches(pattern, decoded)) {
        return Optional.of(pattern);
      }
    }
    return Optional.empty();
  }

  /// Bytes that do not continue a character, which in UTF-8 is the number of code points.
  private static int codePoints(byte[] text) {
    int count = 0;
    for (byte each : text) {
      if ((each & 0xc0) != 0x80) {
        count++;
      }
    }
    return count;
  }
}
