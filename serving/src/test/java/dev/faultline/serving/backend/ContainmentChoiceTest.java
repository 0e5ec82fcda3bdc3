package dev.faultline.serving.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.tensor.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ContainmentChoiceTest {
  private static final KnownKillers KILLERS = KnownKillers.read();

  private static ContainmentChoice choose(Containment wanted, int crashes, OperatorUse... uses) {
    return ContainmentChoice.of(wanted, List.of(uses), KILLERS, crashes);
  }

  private static OperatorUse use(String op, DataType... types) {
    return new OperatorUse(op, List.of(types));
  }

  @Test
  void anIntegerDivisionGoesOutOfProcessAndAFloatingOneDoesNot() {
    assertThat(choose(Containment.AUTO, 0, use("Add"), use("Div", DataType.INT64)))
        .isInstanceOf(ContainmentChoice.OwnProcess.class)
        .extracting(ContainmentChoice::reason)
        .isEqualTo("its graph holds Div, which ends the process (SIGFPE) for the smallest integer divided by -1");
    assertThat(choose(Containment.AUTO, 0, use("Div", DataType.FP32))).isInstanceOf(ContainmentChoice.InProcess.class);
  }

  @Test
  void anOperandOfUnknownTypeCountsAsOneThatKills() {
    assertThat(choose(Containment.AUTO, 0, use("Div"))).isInstanceOf(ContainmentChoice.OwnProcess.class);
    assertThat(choose(Containment.AUTO, 0, use("LSTM", DataType.FP32))).isInstanceOf(ContainmentChoice.OwnProcess.class);
  }

  @Test
  void aVersionThatCrashedBeforeGoesOutOfProcess() {
    assertThat(choose(Containment.AUTO, 2, use("Add")).reason()).contains("2 times");
  }

  @Test
  void whoSaysWhereIsObeyed() {
    assertThat(choose(Containment.IN_PROCESS, 3, use("LSTM"))).isInstanceOf(ContainmentChoice.InProcess.class);
    assertThat(choose(Containment.PROCESS, 0)).isInstanceOf(ContainmentChoice.OwnProcess.class);
  }

  @Test
  void everyKnownKillerHasEvidence() {
    assertThat(KILLERS.all()).hasSize(4).allSatisfy(killer -> assertThat(killer.evidence()).isNotEmpty());
  }
}
