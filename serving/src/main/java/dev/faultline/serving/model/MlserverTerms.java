package dev.faultline.serving.model;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Document;
import dev.faultline.serving.declaration.Hint;
import dev.faultline.serving.declaration.JsonFile;
import dev.faultline.tensor.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What MLServer's `model-settings.json` says of inputs and outputs, held against the graph.
final class MlserverTerms {
  private final Draft draft;

  private MlserverTerms(Draft draft) {
    this.draft = draft;
  }

  static void apply(Found.Candidate candidate, Draft draft) {
    for (Path folder : List.of(candidate.versionFolder(), candidate.modelFolder())) {
      Optional<Document.Source> source = JsonFile.find(folder.resolve(MlserverFolder.FILE), MlserverFolder.FILE, draft.problems);
      if (source.isPresent()) {
        new MlserverTerms(draft).apply(new Document(List.of(source.get()), draft.problems).root());
        return;
      }
    }
  }

  private void apply(Declared root) {
    draft.sources.add(MlserverFolder.FILE);
    draft.inputs = held(root.at("inputs"), draft.inputs, "input");
    draft.outputs = held(root.at("outputs"), draft.outputs, "output");
    warnAbout(root.at("max_batch_size"), "max_batch_size", "requests are not joined");
    warnAbout(root.at("parameters").at("extra"), "parameters.extra", "it is the Python runtime's");
  }

  private List<TensorSpec> held(Declared list, List<TensorSpec> graph, String kind) {
    var specs = new ArrayList<>(graph);
    for (Declared entry : list.elements()) {
      String name = entry.at("name").requiredText();
      Optional<TensorSpec> known = Agreement.find(graph, name);
      if (known.isPresent()) {
        specs.replaceAll(spec -> spec.name().equals(name) ? held(entry, spec) : spec);
      } else if (!name.isEmpty()) {
        List<String> names = Agreement.names(graph);
        entry.problem("is " + kind + " '" + name + "', which the graph does not have" + Hint.of(name, names) + " (expected: " + Declared.listed(names) + ")");
      }
    }
    return specs;
  }

  private static TensorSpec held(Declared entry, TensorSpec graph) {
    DataType type = SpecReader.type(entry.at("datatype"), graph.type());
    Declared shape = entry.at("shape");
    var said = TensorSpec.of(graph.name(), type, shape.isPresent() && !shape.elements().isEmpty() ? SpecReader.shape(shape, List.of()) : graph.dimensions());
    Optional<String> conflict = Agreement.conflict(said, graph);
    if (conflict.isPresent()) {
      entry.problem("'" + graph.name() + "' " + conflict.get() + " (expected: the same)");
      return graph;
    }
    return Agreement.withDimensions(graph, Agreement.narrowed(graph.dimensions(), said.dimensions()));
  }

  private void warnAbout(Declared key, String name, String why) {
    if (key.isPresent() && !key.shown().equals("0")) {
      draft.warnings.add(MlserverFolder.FILE + ": " + name + " has no effect here: " + why);
    }
  }
}
