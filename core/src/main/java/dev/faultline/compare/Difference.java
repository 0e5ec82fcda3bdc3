package dev.faultline.compare;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import java.util.List;

/// One way in which an answer is not the expected one.
public sealed interface Difference {

  String output();

  /// One sentence: what was found and what was expected.
  String summary();

  /// Whether the answer has another form than the expected one, or no number where there should be one or the other way round.
  default boolean isBroken() {
    return switch (this) {
      case Missing _, Extra _, OtherType _, OtherShape _ -> true;
      case OtherNumbers numbers -> Double.isInfinite(numbers.absolute());
      case OtherLabels _, OtherRanks _ -> false;
    };
  }

  /// Whether whoever acts on the answer would do something else: another label or winner, or a broken answer.
  default boolean saysOtherwise() {
    return switch (this) {
      case OtherLabels _ -> true;
      case OtherRanks ranks -> !ranks.expected().getFirst().equals(ranks.actual().getFirst());
      case Missing _, Extra _, OtherType _, OtherShape _, OtherNumbers _ -> isBroken();
    };
  }

  /// An expected output is not there.
  record Missing(String output) implements Difference {
    @Override
    public String summary() {
      return "output '" + output + "' is missing";
    }
  }

  /// An output that was not expected.
  record Extra(String output) implements Difference {
    @Override
    public String summary() {
      return "output '" + output + "' is not expected";
    }
  }

  record OtherType(String output, DataType expected, DataType actual) implements Difference {
    @Override
    public String summary() {
      return "output '" + output + "' has type " + actual + " (expected: " + expected + ")";
    }
  }

  record OtherShape(String output, Shape expected, Shape actual) implements Difference {
    @Override
    public String summary() {
      return "output '" + output + "' has shape " + actual + " (expected: " + expected + ")";
    }
  }

  /// Numbers further apart than the tolerance. `index` and the two texts are of the largest difference, `count` says how many there are
  /// among `total` elements. `absolute` and `relative` are the largest among finite elements; infinite when one side is not finite.
  record OtherNumbers(
      String output, List<Long> index, String expected, String actual, double absolute, double relative, int count, int total) implements Difference {
    public OtherNumbers {
      index = List.copyOf(index);
    }

    @Override
    public String summary() {
      return "output '" + output + "' " + index + " is " + actual + " (expected: " + expected + "), and " + count + " of " + total + " elements differ";
    }
  }

  /// Labels, that is texts, integers or booleans, which are equal or not. `index` and the two texts are of the first.
  record OtherLabels(String output, List<Long> index, String expected, String actual, int count, int total) implements Difference {
    public OtherLabels {
      index = List.copyOf(index);
    }

    @Override
    public String summary() {
      return "output '" + output + "' " + index + " is " + actual + " (expected: " + expected + "), and " + count + " of " + total + " elements differ";
    }
  }

  /// Scores in another order: another class would win, or the next ones stand otherwise. `expected` and `actual` list the positions of the
  /// highest scores of the first such row, `kendall` is the rank correlation of the two orders there, `count` how many rows differ.
  record OtherRanks(String output, long row, List<Integer> expected, List<Integer> actual, double kendall, int count) implements Difference {
    public OtherRanks {
      expected = List.copyOf(expected);
      actual = List.copyOf(actual);
    }

    @Override
    public String summary() {
      return "output '" + output + "' ranks row " + row + " as " + actual + " (expected: " + expected + "), and " + count + " rows differ";
    }
  }
}
