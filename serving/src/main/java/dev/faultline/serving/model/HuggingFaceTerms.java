package dev.faultline.serving.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Document;
import dev.faultline.serving.declaration.JsonFile;
import dev.faultline.serving.declaration.Problems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `config.json` of a model of the Hugging Face hub says: names of classes, and how many tokens there are.
///
/// The file is made for another program, so that nothing in it is a problem here: what does not fit is left alone.
final class HuggingFaceTerms {
  private static final int LABELS_MAX = 100_000;

  private final JsonNode config;
  private final Draft draft;

  private HuggingFaceTerms(JsonNode config, Draft draft) {
    this.config = config;
    this.draft = draft;
  }

  static void apply(Path folder, Draft draft) {
    var problems = new Problems();
    Optional<Document.Source> source = JsonFile.find(folder.resolve(HuggingFaceFolder.CONFIG), HuggingFaceFolder.CONFIG, problems);
    problems.lines().forEach(draft.warnings::add);
    source.ifPresent(read -> new HuggingFaceTerms(read.content(), draft).apply());
  }

  private void apply() {
    int before = draft.labels.size() + draft.rules.size();
    readLabels();
    readTokens();
    if (draft.labels.size() + draft.rules.size() > before) {
      draft.sources.add(HuggingFaceFolder.CONFIG);
    }
  }

  /// `id2label` names the classes of the output `logits`, or of the only output, when their number is right.
  private void readLabels() {
    var names = new ArrayList<String>();
    JsonNode labels = config.path("id2label");
    while (labels.has(String.valueOf(names.size())) && names.size() < LABELS_MAX) {
      names.add(labels.get(String.valueOf(names.size())).asText());
    }
    Optional<TensorSpec> logits = Agreement.find(draft.outputs, "logits").or(() -> draft.outputs.size() == 1 ? Optional.of(draft.outputs.getFirst()) : Optional.empty());
    logits.filter(spec -> !names.isEmpty() && fits(spec, names.size())).ifPresent(spec -> draft.labels.put(spec.name(), List.copyOf(names)));
  }

  private static boolean fits(TensorSpec spec, int classes) {
    return !spec.dimensions().isEmpty() && !(spec.dimensions().getLast() instanceof Dimension.Fixed(long extent) && extent != classes);
  }

  /// A token beyond the vocabulary has no row in the embedding table.
  private void readTokens() {
    JsonNode size = config.path("vocab_size");
    Optional<TensorSpec> tokens = Agreement.find(draft.inputs, "input_ids").filter(spec -> spec.type().isInteger());
    if (tokens.isPresent() && size.isIntegralNumber() && size.longValue() > 0) {
      draft.rules.add(new Rule.Range(FieldRef.of("input_ids"), 0, size.longValue() - 1.0));
    }
  }
}
