package dev.faultline.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.fault.CheckFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.FaultCode;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MismatchTest {
  private static final Shape ROW = Shape.of(1, 2);

  @Test
  void namesTheElementBothValuesAndTheVersionThatWasExpected() {
    CheckFault fault = mismatch(List.of(Tensor.floats("score", Shape.of(1), .5f)), List.of(Tensor.floats("score", Shape.of(1), .75f)));
    assertThat(fault.code()).isEqualTo(FaultCode.CHECK_MISMATCH);
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
    assertThat(fault.summary()).isEqualTo("outputs/score[0] is 0.75 (expected: 0.5, as version 7 answers)");
    assertThat(fault.evidence()).containsExactly(new Evidence.Compared("7", "rol_1", false));
  }

  @Test
  void anotherLabelWeighsMoreThanOtherNumbersWhereverItStands() {
    CheckFault fault = mismatch(
        List.of(Tensor.floats("score", Shape.of(1), .5f), Tensor.strings("label", Shape.of(1), List.of("yes"))),
        List.of(Tensor.floats("score", Shape.of(1), .75f), Tensor.strings("label", Shape.of(1), List.of("no"))));
    assertThat(fault.at().path()).isEqualTo("outputs/label[0]");
    assertThat(fault.evidence()).containsExactly(new Evidence.Compared("7", "rol_1", true));
  }

  @Test
  void aMissingOutputWeighsMost() {
    CheckFault fault = mismatch(
        List.of(Tensor.strings("label", Shape.of(1), List.of("yes")), Tensor.floats("score", ROW, 1, 2)), List.of(Tensor.strings("label", Shape.of(1), List.of("no"))));
    assertThat(fault.summary()).isEqualTo("outputs/score is missing (expected: there, as version 7 answers)");
  }

  @Test
  void anotherWinnerSaysOtherwiseAndAnotherOrderBehindItDoesNot() {
    Comparison winner = compare(List.of(Tensor.floats("p", ROW, .9f, .1f)), List.of(Tensor.floats("p", ROW, .1f, .9f)));
    assertThat(winner.saysOtherwise()).isTrue();
    assertThat(winner.isBroken()).isFalse();
    Comparison behind = compare(List.of(Tensor.floats("p", Shape.of(1, 3), .9f, .2f, .1f)), List.of(Tensor.floats("p", Shape.of(1, 3), .9f, .1f, .2f)));
    assertThat(behind.isSame()).isFalse();
    assertThat(behind.saysOtherwise()).isFalse();
  }

  private static CheckFault mismatch(List<Tensor> expected, List<Tensor> actual) {
    return Mismatch.of(compare(expected, actual), "7", "rol_1");
  }

  private static Comparison compare(List<Tensor> expected, List<Tensor> actual) {
    return new OutputComparator(Mismatch.ALLOWED).compare(expected, actual);
  }
}
