package dev.faultline.backend.onnx;

import static dev.faultline.graph.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTimesTest {
  @TempDir Path folder;

  private final OnnxBackend backend = new OnnxBackend();

  @Test
  void aClosedModelLeavesTheTimesOfItsNodesInTheFolder() throws Exception {
    Path times = Files.createDirectories(folder.resolve("times"));
    try (LoadedModel model = backend.load(artifact(), LoadOptions.DEFAULT.timingNodes(times))) {
      for (int i = 0; i < 3; i++) {
        model.run(List.of(Tensor.floats("x", Shape.of(1, 2), 1, 2)), new RunControl());
      }
    }
    try (Stream<Path> written = Files.list(times)) {
      List<Path> files = written.toList();
      assertThat(files).hasSize(1);
      String text = Files.readString(files.getFirst());
      assertThat(text).contains("\"model_run\"", "wide_kernel_time", "\"op_name\"");
    }
  }

  @Test
  void whatTheEngineFusedIsToldByTheFilesNode() throws Exception {
    NodeSources sources = NodeSources.of(artifact().file());
    assertThat(sources.find("wide").orElseThrow().op()).isEqualTo("MatMul");
    assertThat(sources.find("fused wide").orElseThrow().name()).isEqualTo("wide");
    assertThat(sources.find("wide/MatMulAddFusion").orElseThrow().index()).isZero();
    assertThat(sources.find("made_up")).isEmpty();
  }

  private Artifact artifact() throws IOException {
    Graph graph = GraphBuilder.named("g")
        .input("x", FLOAT, "batch", 2)
        .initializer("w", new float[] {1, 2, 3, 4}, 2, 2)
        .node("wide", "MatMul", List.of("x", "w"), List.of("h"))
        .node("last", "Exp", List.of("h"), List.of("y"))
        .output("y", FLOAT, "batch", 2)
        .build();
    Path file = Files.createDirectories(folder.resolve("1")).resolve("model.onnx");
    Files.write(file, graph.model().toByteArray());
    return new Artifact("m", "1", file, "sha256:0");
  }
}
