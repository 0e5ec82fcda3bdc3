package dev.faultline.serving.model;

import dev.faultline.serving.backend.Batching;
import dev.faultline.serving.declaration.Declared;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `batching` of a `contract.yaml`. Each key that is absent keeps what was known before.
final class BatchingReader {
  private static final int ROWS_MAX = 65_536;
  private static final int PREFERRED_MAX = 64;
  private static final long DELAY_MICROS_MAX = 60_000_000;
  private static final Pattern DELAY = Pattern.compile("(\\d{1,9})(us|ms|s)");

  private BatchingReader() {}

  static Batching read(Declared batching, Batching known) {
    if (!batching.isPresent()) {
      return known;
    }
    int rowsMax = (int) batching.at("max_size").integer(known.rowsMax(), 1, ROWS_MAX);
    long delay = delay(batching.at("max_delay"), known.delayMaxMicros());
    List<Integer> preferred = preferred(batching.at("preferred_sizes"), rowsMax, known.preferredRows());
    batching.rejectOthers();
    return new Batching(rowsMax, delay, preferred);
  }

  private static List<Integer> preferred(Declared sizes, int rowsMax, List<Integer> known) {
    if (!sizes.isPresent()) {
      return known;
    }
    List<Declared> elements = sizes.elements();
    if (elements.size() > PREFERRED_MAX) {
      sizes.expected("at most " + PREFERRED_MAX + " sizes");
    }
    return elements.stream().map(each -> (int) each.integer(rowsMax, 1, rowsMax)).toList();
  }

  /// Microseconds of `0`, `500us`, `2ms` or `1s`.
  private static long delay(Declared declared, long known) {
    Optional<String> text = declared.scalar();
    if (text.isEmpty()) {
      return known;
    }
    Matcher delay = DELAY.matcher(text.get());
    long micros = text.get().equals("0") ? 0 : delay.matches() ? Long.parseLong(delay.group(1)) * micros(delay.group(2)) : -1;
    if (micros < 0 || micros > DELAY_MICROS_MAX) {
      declared.expected("a duration such as 500us or 2ms, at most 60s");
      return known;
    }
    return micros;
  }

  private static long micros(String unit) {
    return unit.equals("us") ? 1 : unit.equals("ms") ? 1_000 : 1_000_000;
  }
}
