package dev.faultline.server.triton;

import dev.faultline.contract.TensorSpec;
import dev.faultline.protocol.Labels;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.List;
import java.util.Optional;

/// Class names of a version's outputs as its settings have them: from a label file, a hub's `config.json`, or the names of the last axis.
///
/// Where nobody names the classes they come without names, as from Triton.
public final class LabelFiles implements Labels {
  private final ModelRepository models;

  public LabelFiles(ModelRepository models) {
    this.models = models;
  }

  @Override
  public List<String> of(ResolvedVersion version, String output) {
    return models.find(version.model(), version.version())
        .flatMap(state -> state instanceof ModelState.Ready(ModelVersion found, long _) ? Optional.of(found) : Optional.empty())
        .map(found -> labels(found, output))
        .orElse(List.of());
  }

  private static List<String> labels(ModelVersion version, String output) {
    List<String> declared = version.settings().labels().getOrDefault(output, List.of());
    return declared.isEmpty() ? version.contract().findOutput(output).map(TensorSpec::columns).orElse(List.of()) : declared;
  }
}
