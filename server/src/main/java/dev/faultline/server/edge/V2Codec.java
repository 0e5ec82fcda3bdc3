package dev.faultline.server.edge;

import dev.faultline.contract.Contract;
import dev.faultline.protocol.BinaryFromResponse;
import dev.faultline.protocol.Labels;
import dev.faultline.protocol.RequestFromBinary;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.stage.Codec;
import java.util.Optional;

/// Open Inference Protocol V2: JSON, and binary tensors behind it.
public final class V2Codec implements Codec {
  private final RequestFromBinary requests = new RequestFromBinary();
  private final BinaryFromResponse responses;
  private final ModelRepository models;

  public V2Codec(ModelRepository models, Labels labels) {
    this.models = models;
    this.responses = new BinaryFromResponse(labels);
  }

  @Override
  public InferenceRequest decode(Arrival arrival) {
    return requests.decode(arrival, this::contract);
  }

  @Override
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    return responses.encode(response, request);
  }

  /// The contract of the version that would answer; empty when none would.
  Optional<Contract> contract(ModelRef asked) {
    Optional<ModelVersion> version = asked.isPinned()
        ? models.find(asked.name(), asked.version()).flatMap(state -> state instanceof ModelState.Ready(ModelVersion ready, long _) ? Optional.of(ready) : Optional.empty())
        : models.findDefault(asked.name());
    return version.map(ModelVersion::contract);
  }
}
