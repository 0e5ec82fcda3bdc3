package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// `cast`: the same values in another data type. Nothing is lost silently:
///
/// - to an integer type or BOOL, a value that the type does not hold fails the step, and so do NaN, infinity and a fraction, unless
///   `fraction` is `truncate` or `round` (half to even);
/// - to a floating type, the nearest value is taken, but a finite number that would become infinite fails the step;
/// - from BYTES, text is read as a number; the empty text is NaN in a floating type, anything else that is not a number fails the step;
/// - to BYTES, values are written as messages write them: `3.5`, `-2`, `true`.
final class Cast extends OneTensorStep {
  private final DataType type;
  private final Fraction fraction;

  /// What becomes of a fraction where an integer is wanted.
  private enum Fraction {
    ERROR,
    TRUNCATE,
    ROUND
  }

  private Cast(Use use, DataType type, Fraction fraction) {
    super(use);
    this.type = type;
    this.fraction = fraction;
  }

  static Step read(Use use, Declared options) {
    Declared to = options.at("to");
    if (!to.isPresent()) {
      to.problem("is missing (expected: a data type such as FP32)");
    }
    DataType type = to.word(Arrays.stream(DataType.values()).map(DataType::name).toList()).flatMap(DataType::find).orElse(DataType.FP32);
    return new Cast(use, type, options.at("fraction").choice(Fraction.class, Fraction.ERROR));
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    return Specs.typed(before, type);
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    if (before.type() == type) {
      return before;
    }
    return new Tensor(before.name(), type, before.shape(), cast(before));
  }

  private Elements cast(Tensor before) {
    return switch (type.kind()) {
      case FLOATING -> Numbers.floating(type, before.type() == DataType.BYTES ? parsed(before) : widened(before));
      case INTEGER, BOOLEAN -> Numbers.integral(type, integers(before));
      case TEXT -> texts(before);
    };
  }

  private double[] widened(Tensor before) {
    double[] values = Numbers.doublesOf(before);
    double greatest = greatestFloating(type);
    for (int i = 0; i < values.length; i++) {
      // what rounds to the greatest value still fits; FP16 and BF16 are tested on the exact value
      boolean overflows = type == DataType.FP32 ? Float.isInfinite((float) values[i]) : Math.abs(values[i]) > greatest;
      if (overflows && !Double.isInfinite(values[i])) {
        throw Tensors.broken(before, i, before.textAt(i), "a number that " + type + " holds, at most " + greatest);
      }
    }
    return values;
  }

  private static double greatestFloating(DataType type) {
    return switch (type) {
      case FP16 -> 65504;
      case BF16 -> Float.intBitsToFloat(0x7f7f0000);
      case FP32 -> Float.MAX_VALUE;
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP64, BYTES -> Double.MAX_VALUE;
    };
  }

  private double[] parsed(Tensor before) {
    double[] values = new double[before.count()];
    for (int i = 0; i < values.length; i++) {
      String text = before.textAt(i);
      values[i] = text.isEmpty() ? Double.NaN : parsedNumber(before, i, text);
    }
    return values;
  }

  private double parsedNumber(Tensor before, int flat, String text) {
    double value = 0;
    boolean number = looksLikeNumber(text);
    if (number) {
      try {
        value = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        number = false;
      }
    }
    // an overflowing literal such as 1e999 parses as infinity, which nobody wrote
    boolean overflows = number && Math.abs(type == DataType.FP32 ? (float) value : value) > greatestFloating(type) && !text.endsWith("y");
    if (!number || overflows) {
      throw Tensors.broken(before, flat, Values.shown(before, flat), "a number that " + type + " holds, or the empty text");
    }
    return value;
  }

  /// Java also reads `1f`, `0x1p3` and surrounding blanks, which are not numbers to anybody else.
  private static boolean looksLikeNumber(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    boolean suffixed = lower.endsWith("f") || lower.endsWith("d");
    return !suffixed && !lower.contains("x") && text.strip().length() == text.length();
  }

  private long[] integers(Tensor before) {
    long[] values = new long[before.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (before.type().kind()) {
            case FLOATING -> fromFloating(before, i);
            case INTEGER, BOOLEAN -> fromInteger(before, i);
            case TEXT -> fromText(before, i);
          };
    }
    return values;
  }

  private long fromInteger(Tensor before, int flat) {
    long value = before.longAt(flat);
    boolean fromLarge = before.type() == DataType.UINT64 && value < 0;
    if (fromLarge || value < Numbers.least(type) || value > Numbers.greatest(type)) {
      throw misfit(before, flat);
    }
    return value;
  }

  private long fromFloating(Tensor before, int flat) {
    double value = before.doubleAt(flat);
    double whole = fraction == Fraction.ROUND ? Math.rint(value) : value < 0 ? Math.ceil(value) : Math.floor(value);
    if (fraction == Fraction.ERROR && whole != value && Double.isFinite(value)) {
      throw Tensors.broken(before, flat, before.textAt(flat), "a whole number for " + type + "; or say fraction: truncate or round");
    }
    double above = type == DataType.UINT64 || type == DataType.INT64 ? 0x1p63 : Numbers.greatest(type) + 1.0;
    if (!(whole >= Numbers.least(type) && whole < (type == DataType.UINT64 ? 0x1p64 : above))) {
      throw misfit(before, flat);
    }
    return whole >= 0x1p63 ? (long) (whole - 0x1p63) ^ Long.MIN_VALUE : (long) whole;
  }

  private long fromText(Tensor before, int flat) {
    String text = before.textAt(flat);
    if (type == DataType.BOOL && (text.equals("true") || text.equals("false"))) {
      return text.equals("true") ? 1 : 0;
    }
    try {
      long value = type == DataType.UINT64 && !text.startsWith("-") ? Long.parseUnsignedLong(text) : Long.parseLong(text);
      if (type == DataType.UINT64 ? !text.startsWith("-") : value >= Numbers.least(type) && value <= Numbers.greatest(type)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below: the text is what matters, not where the parser stopped
    }
    throw misfit(before, flat);
  }

  private StepException misfit(Tensor before, int flat) {
    String range = type == DataType.UINT64 ? "0 to 18446744073709551615" : Numbers.least(type) + " to " + Numbers.greatest(type);
    String what = type == DataType.BOOL ? "0, 1, true or false" : range;
    return Tensors.broken(before, flat, Values.shown(before, flat), "a value that " + type + " holds: " + what);
  }

  private static Elements texts(Tensor before) {
    byte[][] texts = new byte[before.count()][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = before.textAt(i).getBytes(StandardCharsets.UTF_8);
    }
    return Elements.strings(texts);
  }
}
