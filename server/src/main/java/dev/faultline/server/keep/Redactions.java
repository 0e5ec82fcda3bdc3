package dev.faultline.server.keep;

import dev.faultline.capture.Redaction;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.protocol.BinaryContentType;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is never kept: what the configuration names for all models, and what a version's `contract.yaml` names for itself.
public final class Redactions {
  private static final Redaction.Form OPAQUE = new Redaction.Form(Redaction.Encoding.OPAQUE, -1, List.of());

  private final List<String> fields;
  private final List<String> headers;
  private final ModelRepository models;

  public Redactions(List<String> fields, List<String> headers, ModelRepository models) {
    this.fields = List.copyOf(fields);
    this.headers = List.copyOf(headers);
    this.models = models;
  }

  /// For a version that is not ready any more, what the configuration names.
  public Redaction of(ResolvedVersion version) {
    return of(fields, headers, version(version).map(found -> found.settings().redact()).orElse(List.of()));
  }

  /// The configuration's and a version's own.
  public static Redaction of(List<String> fields, List<String> headers, List<String> own) {
    var all = new ArrayList<>(fields);
    all.addAll(own);
    return Redaction.of(all, headers);
  }

  /// The payload of a request as it may be kept and shown: hidden values replaced, or all of it withheld where that cannot be done value by value.
  public Redaction.Redacted payload(Passage passage) {
    Redaction redaction = of(passage.version());
    Payload payload = passage.arrival().payload();
    return CarriedHeaders.holdHidden(passage, redaction) ? Redaction.withheld(payload) : redaction.payload(payload, form(passage));
  }

  private Redaction.Form form(Passage passage) {
    return switch (passage.arrival().protocol()) {
      case V2_REST -> BinaryContentType.isBinary(passage.arrival().payload()) ? OPAQUE : Redaction.Form.json(inputs(passage.version()));
      case V1_REST, DIRECT -> Redaction.Form.json(inputs(passage.version()));
      case V2_GRPC -> OPAQUE;
    };
  }

  /// Whether nothing that the version takes is hidden. Otherwise inner values of the graph are not shown either: they are made of it.
  boolean showsAllInputs(ResolvedVersion version) {
    Redaction redaction = of(version);
    return inputs(version).stream().noneMatch(spec -> redaction.hides(FieldRef.of(spec.name())));
  }

  List<TensorSpec> inputs(ResolvedVersion version) {
    return version(version).map(found -> found.contract().inputs()).orElse(List.of());
  }

  private Optional<ModelVersion> version(ResolvedVersion version) {
    return models.find(version.model(), version.version())
        .flatMap(state -> state instanceof ModelState.Ready(ModelVersion loaded, long _) ? Optional.of(loaded) : Optional.empty());
  }
}
