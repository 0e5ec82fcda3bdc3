package dev.faultline.serving.step;

import dev.faultline.serving.declaration.Document;
import dev.faultline.serving.declaration.Problems;
import dev.faultline.serving.declaration.YamlFile;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/// Where tests put a step: declared in YAML, as users do.
final class StepBench {

  private StepBench() {}

  /// One step from a flow mapping such as `{step: clip, input: x, minimum: 0}`.
  static Step step(String yaml) {
    var problems = new Problems();
    List<DeclaredStep> steps = read("[" + yaml + "]", problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems.lines()));
    }
    return steps.getFirst().step();
  }

  static List<DeclaredStep> read(String yaml, Problems problems) {
    List<Document.Source> sources = Stream.of(YamlFile.parse("preprocess: " + yaml, "contract.yaml", problems)).flatMap(source -> source.stream()).toList();
    return StepReader.withInstalledProviders().read(new Document(sources, problems).root().at("preprocess"));
  }

  static List<String> problems(String yaml) {
    var problems = new Problems();
    read(yaml, problems);
    return problems.lines();
  }

  static Tensor run(String yaml, Tensor... inputs) {
    return step(yaml).apply(List.of(inputs)).getLast();
  }
}
