package dev.faultline.example.birdstrikes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.faultline.example.birdstrikes.RunningModel.Answer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// The models as ONNX Runtime runs them.
class CommittedModelsTest {

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "V2")
  void aGoodVersionAnswersEveryRowWithNumbers(Release release) throws OrtException {
    try (RunningModel model = RunningModel.of(release)) {
      assertThat(model.answers(Committed.ROWS)).hasSize(10_000).allMatch(Answer::isFinite);
    }
  }

  @Test
  void version2SaysNoDamageWithoutAProbabilityForExactlyTheRowsWithoutSpeed() throws OrtException {
    try (RunningModel model = RunningModel.of(Release.V2)) {
      List<Answer> answers = model.answers(Committed.ROWS);
      for (int i = 0; i < answers.size(); i++) {
        Answer answer = answers.get(i);
        if (Committed.ROWS.get(i).speedKnots().isEmpty()) {
          assertThat(answer).as("row %d", i + 1).isEqualTo(new Answer("none", Float.NaN, Float.NaN));
        } else {
          assertThat(answer.isFinite()).as("row %d", i + 1).isTrue();
        }
      }
    }
  }

  @Test
  void version2SaysNoDamageOfHundredsOfDamagedAircraftWithoutSpeed() throws OrtException {
    List<BirdstrikeRow> rows = Committed.ROWS.stream().filter(row -> row.damaged() && row.speedKnots().isEmpty()).toList();
    try (RunningModel wrong = RunningModel.of(Release.V2);
        RunningModel right = RunningModel.of(Release.V3)) {
      assertThat(wrong.answers(rows)).hasSize(337).allMatch(answer -> answer.damage().equals("none"));
      assertThat(right.answers(rows)).filteredOn(answer -> answer.damage().equals("damage")).hasSize(47);
    }
  }

  @Test
  void version2WorksWithTheBlanksOfItsOwnPipeline() throws OrtException {
    try (RunningModel model = RunningModel.of(Release.V2)) {
      assertThat(model.answers(Committed.ROWS, -1)).allMatch(Answer::isFinite);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchAnswersWhatItsRowsAnswerAlone(Release release) throws OrtException {
    try (RunningModel model = RunningModel.of(release)) {
      List<BirdstrikeRow> rows = Committed.ROWS.subList(0, 200);
      List<Answer> together = model.answers(rows);
      for (int i = 0; i < rows.size(); i++) {
        Answer alone = model.answers(rows.subList(i, i + 1)).getFirst();
        assertThat(alone.damage()).isEqualTo(together.get(i).damage());
        assertThat(alone.probability()).as("row %d", i + 1).isCloseTo(together.get(i).probability(), within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theHeldOutAucIsTheOneTheModelStates(Release release) throws OrtException {
    try (RunningModel model = RunningModel.of(release)) {
      List<BirdstrikeRow> withSpeed = Committed.withSpeed(Committed.heldOut());
      assertThat(auc(model, withSpeed))
          .isCloseTo(Double.parseDouble(model.metadata().getOrDefault("heldout.auc.with_speed", "")), within(1e-4));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "V2")
  void aGoodVersionReachesItsAucWithoutSpeedToo(Release release) throws OrtException {
    try (RunningModel model = RunningModel.of(release)) {
      assertThat(auc(model, Committed.heldOut()))
          .isCloseTo(Double.parseDouble(model.metadata().getOrDefault("heldout.auc", "")), within(1e-4));
    }
  }

  @Test
  void eachVersionIsBetterThanTheOneBeforeOnRowsWithSpeed() throws OrtException {
    List<Double> figures = new ArrayList<>();
    for (Release release : Release.values()) {
      try (RunningModel model = RunningModel.of(release)) {
        figures.add(auc(model, Committed.withSpeed(Committed.heldOut())));
      }
    }
    assertThat(figures).isSorted().allMatch(auc -> auc > 0.81);
  }

  @ParameterizedTest
  @EnumSource
  void unseenAndEmptyCategoriesAreAnsweredAlike(Release release) throws OrtException {
    try (RunningModel model = RunningModel.of(release)) {
      List<Answer> answers = model.answers(List.of(withSpecies("Archaeopteryx"), withSpecies("")));
      assertThat(answers).allMatch(Answer::isFinite);
      assertThat(answers.get(0)).isEqualTo(answers.get(1));
    }
  }

  private static BirdstrikeRow withSpecies(String species) {
    BirdstrikeRow row = Committed.ROWS.getFirst();
    EnumMap<Category, String> categories = new EnumMap<>(row.categories());
    categories.put(Category.SPECIES, species);
    return new BirdstrikeRow(1, row.flightDate(), categories, row.speedText(), row.damageText());
  }

  private static double auc(RunningModel model, List<BirdstrikeRow> rows) throws OrtException {
    return RocAuc.of(rows, model.answers(rows).stream().mapToDouble(Answer::probability).toArray());
  }
}
