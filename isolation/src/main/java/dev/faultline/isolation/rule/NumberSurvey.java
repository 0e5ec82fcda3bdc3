package dev.faultline.isolation.rule;

import dev.faultline.serving.declaration.Bounds;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/// The numbers of one field.
///
/// **Range.** From the least to the greatest number seen, each end moved outwards by a tenth of the span and rounded outwards to two digits of it,
/// but never over zero when no number lies beyond zero. An end that [#MET_MIN] requests or more meet exactly is a real border and stays, and so do both ends of
/// whole numbers without a gap from 0 or 1 on, which look like an index. The chance that the rule refuses a good request is found by leaving out each request that alone
/// holds an outermost number: would the range of the others, with its slack, have refused it?
///
/// **Values.** Few different numbers, with gaps or as floats, are categories.
///
/// Longer than most because what one field's numbers may teach is decided in one place.
final class NumberSurvey implements FieldSurvey {
  /// Requests that meet an end exactly, from which on it is taken for a real one.
  static final int MET_MIN = 3;
  private static final int CATEGORIES_INTEGER_MAX = 20;
  private static final int CATEGORIES_FLOATING_MAX = 10;
  private static final double SLACK = 0.1;
  /// Beyond, a double does not tell whole numbers apart.
  private static final double EXACT_MAX = 1L << 53;
  private static final Set<Double> STAND_INS = Set.of(-1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0);

  private final DataType type;
  private final Extreme least = new Extreme(-1);
  private final Extreme greatest = new Extreme(1);
  private final Distinct distinct = new Distinct();
  private long values;
  private long missing;
  private long infinite;
  private int requests;
  private boolean integral = true;
  /// Of the request under way.
  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;

  NumberSurvey(DataType type) {
    this.type = type;
  }

  @Override
  public void add(Tensor tensor, int flat, int request) {
    double value = tensor.doubleAt(flat);
    values++;
    if (Double.isNaN(value)) {
      missing++;
      return;
    }
    if (Double.isInfinite(value)) {
      infinite++;
      return;
    }
    integral &= value == Math.rint(value);
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (!distinct.isTooMany()) {
      distinct.add(plain(tensor.textAt(flat)), request);
    }
  }

  @Override
  public void addMissing() {
    values++;
    missing++;
  }

  @Override
  public void endRequest(int request) {
    if (low <= high) {
      // adding zero makes -0.0 equal to 0.0
      least.add(low + 0.0);
      greatest.add(high + 0.0);
      requests++;
      low = Double.POSITIVE_INFINITY;
      high = Double.NEGATIVE_INFINITY;
    }
  }

  @Override
  public FieldLesson lesson(Known known, double riskMax) {
    var lesson = new Lesson(known, riskMax);
    boolean closed = requests > 0 && infinite == 0 && values(lesson);
    if (!closed && infinite > 0) {
      lesson.note("%,d of %,d values are infinite and were served".formatted(infinite, values));
    } else if (!closed && requests > 0) {
      closed = range(lesson);
    }
    if (closed && missing > 0) {
      lesson.require("nullable", "true", "%,d of %,d values are missing, and were served".formatted(missing, values), new Support(missing, requests, 0));
    } else if (!closed && type.isFloating() && missing == 0 && infinite == 0 && requests > 0) {
      lesson.offer("finite", "true", "%,d of %,d values are finite".formatted(values, values), new Support(values, requests, 0));
    }
    return lesson.taught(type.name(), seen());
  }

  /// @return whether the field's values are stated
  private boolean values(Lesson lesson) {
    boolean few = !distinct.isTooMany() && distinct.size() > 1 && distinct.size() <= (type.isFloating() ? CATEGORIES_FLOATING_MAX : CATEGORIES_INTEGER_MAX);
    if (!few || (!type.isFloating() && isGapless()) || type == DataType.BOOL || lesson.known().has("range")) {
      return false;
    }
    List<String> sorted = distinct.values().stream().sorted(Comparator.comparing(BigDecimal::new)).toList();
    return lesson.offer("values", "[" + String.join(", ", sorted) + "]", "%,d of %,d values, %d different".formatted(values - missing, values - missing, sorted.size()), new Support(values - missing, requests, distinct.alone()));
  }

  private boolean range(Lesson lesson) {
    double min = least.value();
    double max = greatest.value();
    if (type == DataType.BOOL || lesson.known().has("values")) {
      return false;
    }
    if (min == max) {
      lesson.note("always " + text(min) + ": what else is good cannot be told");
      return false;
    }
    if (integral && !type.isFloating() && Math.max(Math.abs(min), Math.abs(max)) > EXACT_MAX) {
      lesson.note("numbers beyond 2^53, which a range does not tell apart");
      return false;
    }
    if (isStandIn(min)) {
      lesson.ask("%s in %,d of %,d requests, and nothing else below zero: does it mean unknown?".formatted(text(min), least.requests(), requests));
      return false;
    }
    BigDecimal from = end(min, least.requests(), min, max, -1);
    BigDecimal to = end(max, greatest.requests(), min, max, 1);
    if (holdsAll(from, to)) {
      lesson.note("all that " + type + " can hold");
      return false;
    }
    boolean stated = lesson.offer("range", "[" + written(from) + ", " + written(to) + "]", "%,d of %,d values, %s to %s".formatted(values - missing, values - missing, text(min), text(max)), new Support(values - missing, requests, alone(min, max)));
    if (stated && isIndex()) {
      lesson.note("%d different, without a gap: looks like an index, so no slack".formatted(distinct.size()));
    }
    return stated;
  }

  /// How many requests the range of all the others would have refused.
  private int alone(double min, double max) {
    int alone = 0;
    if (least.requests() == 1) {
      double others = least.next();
      alone += Double.isNaN(others) || others == max || end(others, 1, others, max, -1).doubleValue() > min ? 1 : 0;
    }
    if (greatest.requests() == 1) {
      double others = greatest.next();
      alone += Double.isNaN(others) || others == min || end(others, 1, min, others, 1).doubleValue() < max ? 1 : 0;
    }
    return alone;
  }

  private BigDecimal end(double seen, int met, double min, double max, int side) {
    if (met >= MET_MIN || isIndex()) {
      return exact(seen);
    }
    double span = max - min;
    DoubleUnaryOperator clipped = side > 0 ? end -> max <= 0 ? Math.min(0, end) : end : end -> min >= 0 ? Math.max(0, end) : end;
    double moved = clipped.applyAsDouble(seen + side * SLACK * span);
    if (!Double.isFinite(span) || !Double.isFinite(moved) || moved == 0) {
      return moved == 0 ? BigDecimal.ZERO : exact(seen);
    }
    BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen((int) Math.floor(Math.log10(span)) - 1);
    if (integral) {
      step = step.max(BigDecimal.ONE);
    }
    BigDecimal steps = new BigDecimal(moved).divide(step, 0, side > 0 ? RoundingMode.CEILING : RoundingMode.FLOOR);
    return new BigDecimal(clipped.applyAsDouble(steps.multiply(step).doubleValue()) == 0 ? "0" : steps.multiply(step).toString());
  }

  /// Whether a range says no more than the data type.
  private boolean holdsAll(BigDecimal from, BigDecimal to) {
    int bits = type.width() * 8;
    double low = type.isUnsigned() ? 0 : -Math.scalb(1.0, bits - 1);
    double high = Math.scalb(1.0, type.isUnsigned() ? bits : bits - 1) - 1;
    return type.isInteger() && from.doubleValue() <= low && to.doubleValue() >= high;
  }

  private boolean isGapless() {
    return integral && !distinct.isTooMany() && greatest.value() - least.value() + 1 == distinct.size();
  }

  private boolean isIndex() {
    return !type.isFloating() && isGapless() && (least.value() == 0 || least.value() == 1) && distinct.size() > CATEGORIES_INTEGER_MAX;
  }

  /// A number that people write where there is none: alone below zero, in some requests but not the rule.
  private boolean isStandIn(double min) {
    boolean aloneBelow = distinct.isTooMany() ? least.next() >= 0 : distinct.values().stream().filter(value -> value.startsWith("-")).count() == 1;
    return STAND_INS.contains(min) && aloneBelow && least.requests() > 1 && greatest.value() > 1;
  }

  private String seen() {
    String range = requests == 0 ? "nothing but missing values" : text(least.value()) + " to " + text(greatest.value());
    String many = requests == 0 ? "" : distinct.isTooMany() ? ", more than " + Distinct.VALUES_MAX + " different" : ", " + distinct.size() + " different";
    return range + many + (missing > 0 ? ", %,d of %,d missing".formatted(missing, values) : "");
  }

  private BigDecimal exact(double value) {
    return switch (type) {
      case FP32, FP16, BF16 -> new BigDecimal(Float.toString((float) value));
      case FP64 -> new BigDecimal(Double.toString(value));
      default -> new BigDecimal(value);
    };
  }

  private String text(double value) {
    return type.isFloating() && value != Math.rint(value) ? exact(value).stripTrailingZeros().toString() : Bounds.text(value);
  }

  /// As the file's reader takes it for a number.
  private static String written(BigDecimal number) {
    BigDecimal bare = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    String plain = bare.toPlainString();
    if (plain.length() <= 24) {
      return plain;
    }
    String mantissa = bare.unscaledValue().toString();
    int exponent = -bare.scale();
    return mantissa + ".0e" + (exponent < 0 ? "" : "+") + exponent;
  }

  private static String plain(String text) {
    // categories are compared as numbers, whatever they are written like
    return text.equals("true") ? "1" : text.equals("false") ? "0" : written(new BigDecimal(text));
  }
}
