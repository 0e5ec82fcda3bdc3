package dev.faultline.isolation.localize;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Why an operator made a NaN or an infinity of finite numbers: given the node, what it was given and the element of its output, the
/// element of an operand that its mathematics does not take.
///
/// Of operators that work element by element the operand's element is the one that broadcasting lends to the output's; of those that
/// normalise it is the scale that vanishes; of sums and products it is the largest operand, because then the type overflowed.
final class NonfiniteRules {

  private static final Set<String> SUMS =
      Set.of(
          "MatMul", "Gemm", "Conv", "ConvTranspose", "ReduceSum", "ReduceSumSquare", "ReduceL2", "ReduceL1", "ReduceProd", "ReduceMean", "ReduceLogSumExp",
          "CumSum", "Einsum", "Softplus", "Gelu", "Sum", "Mean", "AveragePool", "GlobalAveragePool", "LinearRegressor", "LinearClassifier", "LSTM", "GRU", "RNN");

  private NonfiniteRules() {}

  /// @param made the output that is not finite
  /// @param flat the index of its first element that is not
  static List<Flaw> flaws(Given given, Tensor made, long flat) {
    return switch (given.node().op()) {
      case "Log" -> unary(given, made, flat, x -> !(x > 0), "more than 0");
      case "Sqrt" -> unary(given, made, flat, x -> x < 0, "0 or more");
      case "Reciprocal" -> unary(given, made, flat, x -> x == 0, "not 0");
      case "Acos", "Asin" -> unary(given, made, flat, x -> Math.abs(x) > 1, "-1 to 1");
      case "Atanh" -> unary(given, made, flat, x -> Math.abs(x) >= 1, "between -1 and 1");
      case "Acosh" -> unary(given, made, flat, x -> x < 1, "1 or more");
      case "Exp" -> unary(given, made, flat, x -> x > exponentMax(made.type()), "at most " + shown(exponentMax(made.type())));
      case "Sinh", "Cosh" -> unary(given, made, flat, x -> Math.abs(x) > exponentMax(made.type()), "at most " + shown(exponentMax(made.type())));
      case "Cast" -> unary(given, made, flat, x -> Math.abs(x) > largest(made.type()), "at most " + shown(largest(made.type())));
      case "Div" -> division(given, made, flat);
      case "Mod" -> zero(given, made, flat, 1, "Mod divisor");
      case "Pow" -> power(given, made, flat);
      case "Add", "Sub", "Mul" -> overflow(given, made, flat);
      case "BatchNormalization" -> variance(given, made, flat, 4);
      case "Scaler" -> overflow(given, made, flat);
      case "LpNormalization", "LayerNormalization", "InstanceNormalization", "MeanVarianceNormalization", "Softmax", "LogSoftmax" -> largestOperand(given, made);
      case "ReduceLogSum" -> smallestOperand(given);
      case "DequantizeLinear", "QuantizeLinear" -> zero(given, made, flat, 1, given.node().op() + " scale");
      default -> SUMS.contains(given.node().op()) ? largestOperand(given, made) : List.of();
    };
  }

  /// Whether a number is one that the operator does not take.
  @FunctionalInterface
  private interface Outside {
    boolean test(double value);
  }

  private static List<Flaw> unary(Given given, Tensor made, long flat, Outside outside, String want) {
    return element(given, made, flat, 0)
        .filter(element -> outside.test(element.value()))
        .map(element -> List.of(element.flaw(given.node().op() + " input", want)))
        .orElse(List.of());
  }

  private static List<Flaw> zero(Given given, Tensor made, long flat, int position, String role) {
    return element(given, made, flat, position).filter(element -> element.value() == 0).map(element -> List.of(element.flaw(role, "not 0"))).orElse(List.of());
  }

  /// A number so small that the quotient does not fit is as bad as 0.
  private static List<Flaw> division(Given given, Tensor made, long flat) {
    Optional<Element> divisor = element(given, made, flat, 1);
    Optional<Element> dividend = element(given, made, flat, 0);
    if (divisor.isEmpty()) {
      return List.of();
    }
    if (divisor.get().value() == 0) {
      return List.of(divisor.get().flaw("Div denominator", "not 0"));
    }
    return dividend
        .map(element -> List.of(divisor.get().flaw("Div denominator", "not so small for a dividend of " + element.text()), element.flaw("Div dividend", "at most " + shown(largest(made.type())) + " after division")))
        .orElse(List.of());
  }

  private static List<Flaw> power(Given given, Tensor made, long flat) {
    Optional<Element> base = element(given, made, flat, 0);
    Optional<Element> exponent = element(given, made, flat, 1);
    if (base.isEmpty() || exponent.isEmpty()) {
      return List.of();
    }
    double x = base.get().value();
    double y = exponent.get().value();
    if (x < 0 && y != Math.rint(y)) {
      return List.of(base.get().flaw("Pow base", "0 or more for the exponent " + exponent.get().text()));
    }
    return x == 0 && y < 0
        ? List.of(base.get().flaw("Pow base", "not 0 for the exponent " + exponent.get().text()))
        : List.of(base.get().flaw("Pow base", "a power within " + shown(largest(made.type()))), exponent.get().flaw("Pow exponent", "a power within " + shown(largest(made.type()))));
  }

  private static List<Flaw> overflow(Given given, Tensor made, long flat) {
    Optional<Element> left = element(given, made, flat, 0);
    Optional<Element> right = element(given, made, flat, 1);
    if (left.isEmpty()) {
      return List.of();
    }
    String want = "a result within " + shown(largest(made.type()));
    Flaw first = left.get().flaw(given.node().op() + " operand", want);
    if (right.isEmpty()) {
      return List.of(first);
    }
    Flaw second = right.get().flaw(given.node().op() + " operand", want);
    return Math.abs(left.get().value()) >= Math.abs(right.get().value()) ? List.of(first, second) : List.of(second, first);
  }

  /// The scale and variance of a channel.
  private static List<Flaw> variance(Given given, Tensor made, long flat, int position) {
    Optional<Tensor> variances = given.tensor(position);
    double epsilon = given.attributes().number("epsilon", 1e-5);
    if (variances.isEmpty() || made.shape().rank() < 2) {
      return largestOperand(given, made);
    }
    long channel = made.shape().coordinates(flat).get(1);
    double variance = variances.get().doubleAt((int) channel);
    Element element = new Element(position, variances.get(), channel);
    return variance + epsilon <= 0 ? List.of(element.flaw("BatchNormalization variance", "more than " + shown(-epsilon))) : largestOperand(given, made);
  }

  private static List<Flaw> largestOperand(Given given, Tensor made) {
    Element largest = null;
    for (int position = 0; position < given.count(); position++) {
      Optional<Element> candidate = extreme(given, position, true);
      if (candidate.isPresent() && (largest == null || Math.abs(candidate.get().value()) > Math.abs(largest.value()))) {
        largest = candidate.get();
      }
    }
    return largest == null ? List.of() : List.of(largest.flaw(given.node().op() + " operand", "a result within " + shown(largest(made.type()))));
  }

  private static List<Flaw> smallestOperand(Given given) {
    return extreme(given, 0, false).map(element -> List.of(element.flaw(given.node().op() + " input", "a sum of more than 0"))).orElse(List.of());
  }

  private static Optional<Element> extreme(Given given, int position, boolean largest) {
    Optional<Tensor> tensor = given.tensor(position).filter(each -> each.type().isFloating());
    Element found = null;
    for (int flat = 0; tensor.isPresent() && flat < tensor.get().count(); flat++) {
      Element element = new Element(position, tensor.get(), flat);
      boolean better = found == null || (largest ? Math.abs(element.value()) > Math.abs(found.value()) : element.value() < found.value());
      found = better ? element : found;
    }
    return Optional.ofNullable(found);
  }

  private static Optional<Element> element(Given given, Tensor made, long flat, int position) {
    return given.tensor(position)
        .filter(tensor -> tensor.count() > 0 && tensor.type() != DataType.BYTES && lends(tensor.shape(), made.shape()))
        .map(tensor -> new Element(position, tensor, ElementTrace.broadcast(made.shape(), tensor.shape(), flat)));
  }

  private static boolean lends(Shape in, Shape out) {
    return in.rank() <= out.rank();
  }

  /// An element of an operand.
  private record Element(int position, Tensor tensor, long flat) {
    double value() {
      return tensor.doubleAt((int) flat);
    }

    String text() {
      return tensor.textAt((int) flat);
    }

    Flaw flaw(String role, String want) {
      return new Flaw(position, flat, role + " " + text() + Given.at(tensor, flat) + " (expected: " + want + ")", text(), want);
    }
  }

  private static double exponentMax(DataType type) {
    return Math.log(largest(type));
  }

  static double largest(DataType type) {
    return switch (type) {
      case FP16 -> 65_504;
      case BF16 -> 3.3895313892515355e38;
      case FP64 -> Double.MAX_VALUE;
      case FP32, BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> Float.MAX_VALUE;
    };
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 1e7 ? "%.4g" : "%.6g", value).replaceAll("(\\.\\d*?)0+$", "$1").replaceAll("\\.$", "");
  }
}
