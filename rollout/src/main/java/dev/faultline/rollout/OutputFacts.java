package dev.faultline.rollout;

import dev.faultline.rollout.judge.OutputFact;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// What an answer says, small enough to be counted: of each output the first row, as a label or a number.
///
/// | output | fact |
/// |---|---|
/// | texts, whole numbers, truth values | the first as a label |
/// | a row of several numbers, up to [#CLASSES_MAX] | the position of the highest as a label |
/// | one number a row | the number |
/// | wider | the mean of the row's first numbers |
public final class OutputFacts {
  static final int CLASSES_MAX = 1_000;
  private static final int OUTPUTS_MAX = 16;
  private static final int LABEL_CHARS_MAX = 64;

  private OutputFacts() {}

  public static List<OutputFact> of(List<Tensor> outputs) {
    var facts = new ArrayList<OutputFact>(outputs.size());
    for (Tensor output : outputs) {
      if (output.count() > 0 && facts.size() < OUTPUTS_MAX) {
        facts.add(of(output));
      }
    }
    return facts;
  }

  private static OutputFact of(Tensor output) {
    if (!output.type().isFloating()) {
      String text = output.textAt(0);
      return new OutputFact.Label(output.name(), text.length() > LABEL_CHARS_MAX ? text.substring(0, LABEL_CHARS_MAX) : text);
    }
    int width = output.shape().rank() < 2 ? 1 : (int) Math.min(output.shape().lastExtent(), CLASSES_MAX + 1);
    if (width <= 1) {
      return new OutputFact.Score(output.name(), output.doubleAt(0));
    }
    return width <= CLASSES_MAX ? winner(output, width) : new OutputFact.Score(output.name(), mean(output));
  }

  /// A row without a winner is a score that is not finite, which is what it holds.
  private static OutputFact winner(Tensor output, int width) {
    int best = 0;
    for (int i = 0; i < width; i++) {
      double value = output.doubleAt(i);
      if (Double.isNaN(value)) {
        return new OutputFact.Score(output.name(), value);
      }
      best = value > output.doubleAt(best) ? i : best;
    }
    return new OutputFact.Label(output.name(), Integer.toString(best));
  }

  private static double mean(Tensor output) {
    double sum = 0;
    for (int i = 0; i < CLASSES_MAX; i++) {
      sum += output.doubleAt(i);
    }
    return sum / CLASSES_MAX;
  }
}
