package dev.faultline.example.birdstrikes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.GraphTap;
import dev.faultline.graph.GraphWriter;
import dev.faultline.graph.Node;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Where a missing speed goes inside the graphs.
class OriginTest {

  private static final List<BirdstrikeRow> BLANK =
      Committed.ROWS.stream().filter(row -> row.speedKnots().isEmpty()).limit(1).toList();

  @Test
  void inVersion2ItPassesTheImputationAndReachesTheProbability() throws OrtException {
    assertThat(nonFiniteNodes(Release.V2))
        .containsExactly(
            "/speed/impute", "/speed/plus_one", "/speed/log", "/speed/standardize", "/concat", "/logits", "/softmax");
  }

  @Test
  void inVersions1And3ItEndsAtTheImputation() throws OrtException {
    assertThat(nonFiniteNodes(Release.V1)).isEmpty();
    assertThat(nonFiniteNodes(Release.V3)).isEmpty();
  }

  private static List<String> nonFiniteNodes(Release release) throws OrtException {
    Graph graph = GraphReader.read(Committed.model(release));
    try (RunningModel model = new RunningModel(GraphWriter.bytes(GraphTap.tapFloats(graph)))) {
      Set<String> values = model.nonFiniteOutputs(BLANK);
      return graph.nodes().stream()
          .filter(node -> node.outputs().stream().anyMatch(values::contains))
          .map(Node::name)
          .toList();
    }
  }
}
