package dev.faultline.example.birdstrikes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.GraphWriter;
import dev.faultline.graph.Node;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainBirdstrikesTest {

  @ParameterizedTest
  @EnumSource
  void trainingAgainGivesTheCommittedFileByteForByte(Release release) {
    assertThat(GraphWriter.bytes(TrainBirdstrikes.graph(release, Committed.ROWS))).isEqualTo(Committed.bytes(release));
  }

  @ParameterizedTest
  @EnumSource
  void onnxRuntimeAgreesWithTribuoOnTheHeldOutRows(Release release) throws OrtException {
    List<BirdstrikeRow> rows = Committed.heldOut();
    DamageModel tribuo = DamageModel.train(release, Committed.ROWS.stream().filter(row -> !row.heldOut()).toList());
    try (RunningModel onnx = RunningModel.of(release)) {
      var answers = onnx.answers(rows, (float) release.blank().value());
      double largest =
          IntStream.range(0, rows.size())
              .mapToDouble(i -> Math.abs(answers.get(i).probability() - tribuo.probability(rows.get(i))))
              .max()
              .orElseThrow();
      System.out.println("version " + release.version() + ": largest difference of ONNX Runtime from Tribuo " + largest);
      assertThat(largest).isLessThan(1e-6);
    }
  }

  @Test
  void everyNodeIsNamedAfterItsColumnAndStep() {
    Graph graph = GraphReader.read(Committed.model(Release.V3));

    assertThat(graph.nodes())
        .extracting(Node::name)
        .contains("/speed/is_missing", "/speed/impute", "/speed/log", "/speed/standardize", "/phase/encode")
        .endsWith("/concat", "/logits", "/softmax", "/argmax", "/label")
        .doesNotContain("");
  }

  @Test
  void theMistakeOfVersion2IsOneNode() {
    assertThat(isMissing(Release.V1)).isEqualTo("IsNaN");
    assertThat(isMissing(Release.V2)).isEqualTo("Less");
    assertThat(isMissing(Release.V3)).isEqualTo("IsNaN");
  }

  private static String isMissing(Release release) {
    return GraphReader.read(Committed.model(release)).findNode("/speed/is_missing").orElseThrow().op();
  }
}
