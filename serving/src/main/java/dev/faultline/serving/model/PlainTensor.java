package dev.faultline.serving.model;

import dev.faultline.serving.step.Numbers;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tensor of plain values as JSON and YAML give them: numbers, booleans and texts in one list or in nested ones.
///
/// What JSON has no number for stands as text: `"NaN"`, `"Infinity"`, `"-Infinity"`; null is NaN, too.
final class PlainTensor {
  private static final Map<String, Double> SPOKEN =
      Map.of("NaN", Double.NaN, "Infinity", Double.POSITIVE_INFINITY, "-Infinity", Double.NEGATIVE_INFINITY);

  private PlainTensor() {}

  /// @param shape null where the nesting of `data` is the shape
  /// @throws IllegalArgumentException when a value is not of the type, or the values do not fill the shape
  static Tensor of(String name, DataType type, @Nullable Shape shape, @Nullable Object data) {
    var flat = new ArrayList<@Nullable Object>();
    flatten(data, flat);
    Shape filled = shape == null ? nesting(data) : shape;
    if (filled.elementCount() != flat.size()) {
      throw new IllegalArgumentException("has " + flat.size() + " values (expected: " + filled.elementCount() + " for shape " + filled + ")");
    }
    return new Tensor(name, type, filled, elements(type, flat));
  }

  private static void flatten(@Nullable Object data, List<@Nullable Object> flat) {
    if (data instanceof List<?> list) {
      list.forEach(each -> flatten(each, flat));
    } else {
      flat.add(data);
    }
  }

  private static Shape nesting(@Nullable Object data) {
    var extents = new ArrayList<Long>();
    Object at = data;
    while (at instanceof List<?> list) {
      extents.add((long) list.size());
      at = list.isEmpty() ? null : list.getFirst();
    }
    return Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
  }

  private static Elements elements(DataType type, List<@Nullable Object> flat) {
    return switch (type.kind()) {
      case TEXT -> Elements.strings(flat.stream().map(PlainTensor::text).toArray(byte[][]::new));
      case BOOLEAN -> Numbers.integral(type, flat.stream().mapToLong(PlainTensor::truth).toArray());
      case INTEGER -> Numbers.integral(type, flat.stream().mapToLong(value -> integer(type, value)).toArray());
      case FLOATING -> Numbers.floating(type, flat.stream().mapToDouble(PlainTensor::number).toArray());
    };
  }

  private static byte[] text(@Nullable Object value) {
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    throw new IllegalArgumentException("holds " + value + " (expected: texts, as it is BYTES)");
  }

  private static long truth(@Nullable Object value) {
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    throw new IllegalArgumentException("holds " + value + " (expected: true and false, as it is BOOL)");
  }

  private static long integer(DataType type, @Nullable Object value) {
    if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
      var exact = new BigInteger(value.toString());
      int bits = type.width() * 8;
      boolean fits = type.isUnsigned() ? exact.signum() >= 0 && exact.bitLength() <= bits : exact.bitLength() < bits;
      if (fits) {
        return exact.longValue();
      }
    }
    throw new IllegalArgumentException("holds " + value + " (expected: whole numbers that " + type + " can hold)");
  }

  private static double number(@Nullable Object value) {
    if (value == null) {
      return Double.NaN;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text && SPOKEN.containsKey(text)) {
      return SPOKEN.getOrDefault(text, Double.NaN);
    }
    throw new IllegalArgumentException("holds " + value + " (expected: numbers)");
  }
}
