package dev.faultline.serving.landmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.fault.Stage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LandmarksTest {
  private static final Landmarks RISK = Landmarks.of("credit-risk", "2", List.of("scale", "one hot; of <all>"), List.of("label"));

  @Test
  void aStackNamesTheVersionTheStageAndTheStep() {
    List<Spot> seen = RISK.pass(Stage.PREPROCESS, () -> RISK.step(Stage.PREPROCESS, "scale").pass(LandmarksTest::spots));
    assertThat(seen).containsExactly(new Spot("credit-risk", "2", "PREPROCESS", "scale"), new Spot("credit-risk", "2", "PREPROCESS", ""));
    assertThat(seen.getFirst()).hasToString("credit-risk/2 PREPROCESS step scale");
  }

  @Test
  void everyStageHasAFrameOfItsOwn() {
    for (Stage stage : Stage.values()) {
      assertThat(RISK.<List<Spot>>pass(stage, LandmarksTest::spots)).containsExactly(new Spot("credit-risk", "2", stage.name(), ""));
      assertThat(Landmarks.REQUEST.<List<Spot>>pass(stage, LandmarksTest::spots)).containsExactly(new Spot("", "", stage.name(), ""));
    }
  }

  @Test
  void namesThatNoMethodMayHaveComeBackAsTheyWere() {
    for (String name : List.of("one hot; of <all>", "a.b/c[0]", "100%", "straße:2", "*+*", "名前")) {
      Landmarks marks = Landmarks.of(name, name, List.of(), List.of(name));
      List<Spot> seen = marks.step(Stage.POSTPROCESS, name).pass(LandmarksTest::spots);
      assertThat(seen).containsExactly(new Spot(name, name, "POSTPROCESS", name));
    }
  }

  @Test
  void aStepThatIsNotKnownStandsUnderItsStage() {
    assertThat(RISK.step(Stage.POSTPROCESS, "scale").<List<Spot>>pass(LandmarksTest::spots)).containsExactly(new Spot("credit-risk", "2", "POSTPROCESS", ""));
  }

  @Test
  void whatTheWorkReturnsOrThrowsPassesThrough() {
    assertThat(RISK.<Integer>pass(Stage.INFER, () -> 42)).isEqualTo(42);
    var thrown = new IllegalStateException("as it was");
    Supplier<String> failing = () -> {
      throw thrown;
    };
    assertThatThrownBy(() -> RISK.pass(Stage.INFER, failing)).isSameAs(thrown);
  }

  @Test
  void otherFramesAreNoLandmarks() {
    assertThat(Spot.of("dev.faultline.serving.Pipeline", "serve")).isEmpty();
    assertThat(Spot.of("faultline.at.m.1", "pass")).isEmpty();
    assertThat(Spot.of("faultline.at.m", "INFER")).isEmpty();
  }

  private static List<Spot> spots() {
    return StackWalker.getInstance().walk(frames -> frames.map(frame -> Spot.of(frame.getClassName(), frame.getMethodName())).flatMap(Optional::stream).toList());
  }
}
