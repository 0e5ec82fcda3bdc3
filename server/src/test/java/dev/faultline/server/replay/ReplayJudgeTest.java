package dev.faultline.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a version is judged to be by requests that were kept.
class ReplayJudgeTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final ReplayJudge judge = new ReplayJudge(NOW);

  @Test
  void aVersionThatSaysTheSamePassesFromAHundredRequestsOn() throws Exception {
    compare(99, .3f, .3f);
    assertThat(verdict()).isEqualTo("INCONCLUSIVE");
    compare(1, .3f, .3f);
    assertThat(verdict()).isEqualTo("PASS");
  }

  @Test
  void scoresThatMovedALittleAreNoFault() throws Exception {
    compare(150, .3f, .31f);
    assertThat(verdict()).isEqualTo("PASS");
  }

  @Test
  void anAnswerThatIsNoNumberTwiceIsAFact() throws Exception {
    compare(20, .3f, .3f);
    compare(1, .3f, Float.NaN);
    assertThat(verdict()).isEqualTo("FAIL");
    assertThat(judge.document(NOW).path("reasons").path(0).asText()).contains("a replayed request").doesNotContain("mirrored");
  }

  @Test
  void anotherWinnerInMostRequestsFails() throws Exception {
    compare(60, .3f, .7f);
    assertThat(verdict()).isEqualTo("FAIL");
  }

  @Test
  void withoutRequestsNothingCanBeSaid() {
    ObjectNode judgement = judge.document(NOW);
    assertThat(judgement.path("verdict").asText()).isEqualTo("INCONCLUSIVE");
    assertThat(judgement.path("settled").asBoolean()).as("waiting would change nothing").isTrue();
  }

  private String verdict() {
    return judge.document(NOW).path("verdict").asText();
  }

  private void compare(int count, float before, float after) throws Exception {
    for (int i = 0; i < count; i++) {
      judge.compared(answer(before), answer(after), () -> new Trial(List.of(), answer(after)));
    }
  }

  private static List<Tensor> answer(float second) {
    return List.of(Tensor.floats("probability", Shape.of(1, 2), new float[] {1 - second, second}));
  }
}
