package dev.faultline.server.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A kind of value: what it looks like in words, and how a text becomes one. A parser answers empty for a text that does not fit.
public record Kind<T>(String expected, Function<String, Optional<T>> parser) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB|TiB)?");
  private static final Map<String, Integer> SHIFTS = Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

  static final Kind<String> TEXT = new Kind<>("a text", Optional::of);
  static final Kind<String> NON_EMPTY_TEXT = new Kind<>("a text that is not empty", text -> Optional.of(text).filter(t -> !t.isBlank()));
  static final Kind<String> HTTP_URL = new Kind<>("an http or https URL", text -> Optional.of(text).filter(t -> t.isEmpty() || t.matches("https?://[^\\s/]+(/\\S*)?")));
  static final Kind<Boolean> FLAG = new Kind<>("true or false", Kind::flag);
  static final Kind<Integer> PORT = whole("a port from 0 to 65535; 0 takes a free one", 0, 65_535);
  static final Kind<List<String>> LIST = new Kind<>("a list", text -> Optional.of(items(text)));

  private static final Pattern PAYLOADS_ITEM = Pattern.compile("([^=\\s][^=]*=)?\\s*(off|summary|sampled|faults|all)");
  static final Kind<List<String>> PAYLOADS = new Kind<>(
      "a list of off, summary, sampled, faults or all, and for single models MODEL=one of these",
      text -> Optional.of(items(text)).filter(items -> items.stream().allMatch(item -> PAYLOADS_ITEM.matcher(item).matches())));

  Optional<T> parse(String text) {
    return parser.apply(text);
  }

  static Kind<Integer> whole(int min, int max) {
    return whole("a whole number from " + min + " to " + max, min, max);
  }

  /// A whole number, or `auto` for one that the machine decides.
  static Kind<Integer> wholeOrAuto(int min, int max, int auto) {
    Kind<Integer> number = whole(min, max);
    return new Kind<>(number.expected + ", or auto", text -> text.equals("auto") ? Optional.of(auto) : number.parse(text));
  }

  static Kind<Double> number(double min, double max) {
    return new Kind<>("a number from " + min + " to " + max, text -> decimal(text).filter(n -> n >= min && n <= max));
  }

  static Kind<Long> size(long max) {
    return new Kind<>("a size such as 512KiB or 64MiB, at most " + max + " bytes", text -> bytes(text).filter(n -> n > 0 && n <= max));
  }

  /// A size, or `auto` for no limit, which is 0.
  static Kind<Long> sizeOrAuto(long max) {
    Kind<Long> size = size(max);
    return new Kind<>(size.expected + ", or auto", text -> text.equals("auto") ? Optional.of(0L) : size.parse(text));
  }

  static Kind<Duration> duration(Duration min, Duration max) {
    return new Kind<>(
        "a duration such as 250ms, 5s or 2m, from " + text(min) + " to " + text(max),
        text -> duration(text).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0));
  }

  static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    List<String> names = Arrays.stream(type.getEnumConstants()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    return new Kind<>(
        "one of " + String.join(", ", names),
        text -> names.contains(text) ? Optional.of(Enum.valueOf(type, text.toUpperCase(Locale.ROOT))) : Optional.empty());
  }

  private static Kind<Integer> whole(String expected, int min, int max) {
    return new Kind<>(expected, text -> integer(text).filter(n -> n >= min && n <= max).map(Long::intValue));
  }

  private static Optional<Long> integer(String text) {
    return text.matches("-?\\d{1,15}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static Optional<Double> decimal(String text) {
    return text.matches("\\d{1,12}(\\.\\d{1,12})?") ? Optional.of(Double.parseDouble(text)) : Optional.empty();
  }

  private static Optional<Boolean> flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<Long> bytes(String text) {
    Matcher match = SIZE.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    String unit = Optional.ofNullable(match.group(2)).orElse("B");
    long count = Long.parseLong(match.group(1));
    int shift = SHIFTS.getOrDefault(unit, 0);
    return count > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(count << shift);
  }

  private static Optional<Duration> duration(String text) {
    Matcher match = DURATION.matcher(text);
    return match.matches() ? Optional.of(duration(Long.parseLong(match.group(1)), match.group(2))) : Optional.empty();
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static String text(Duration duration) {
    if (duration.toMillis() % 1_000 != 0 || duration.isZero()) {
      return duration.toMillis() + "ms";
    }
    return duration.toSeconds() % 86_400 == 0 ? duration.toDays() + "d" : duration.toSeconds() + "s";
  }

  /// One item a line, or all on one line with commas between.
  private static List<String> items(String text) {
    return Arrays.stream(text.split(text.contains("\n") ? "\n" : ",")).map(String::strip).filter(item -> !item.isEmpty()).toList();
  }
}
