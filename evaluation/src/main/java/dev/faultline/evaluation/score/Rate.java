package dev.faultline.evaluation.score;

import java.util.Collection;
import java.util.Locale;
import java.util.function.Predicate;

/// How many of how many, with Wilson's 95 % interval (E. B. Wilson, 1927).
public record Rate(int hits, int count) {
  private static final double Z = 1.959964;

  public static <T> Rate of(Collection<T> all, Predicate<T> hit) {
    return new Rate((int) all.stream().filter(hit).count(), all.size());
  }

  public double value() {
    return count == 0 ? Double.NaN : (double) hits / count;
  }

  public double low() {
    return Math.max(0, center() - half());
  }

  public double high() {
    return Math.min(1, center() + half());
  }

  private double center() {
    return (value() + Z * Z / (2 * count)) / (1 + Z * Z / count);
  }

  private double half() {
    double p = value();
    return Z / (1 + Z * Z / count) * Math.sqrt(p * (1 - p) / count + Z * Z / (4.0 * count * count));
  }

  /// The value alone, `.87`.
  public String value2() {
    return count == 0 ? "-" : short2(value());
  }

  /// `.87 [.80, .92]`, or a dash for none of none.
  @Override
  public String toString() {
    return count == 0 ? "-" : short2(value()) + " [" + short2(low()) + ", " + short2(high()) + "]";
  }

  private static String short2(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.startsWith("0.") ? text.substring(1) : text;
  }
}
