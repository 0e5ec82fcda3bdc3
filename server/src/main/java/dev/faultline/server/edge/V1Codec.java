package dev.faultline.server.edge;

import dev.faultline.contract.Contract;
import dev.faultline.protocol.RequestFromV1Json;
import dev.faultline.protocol.V1JsonFromResponse;
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

/// KServe V1: records and rows, which only the model's contract can tell into tensors.
public final class V1Codec implements Codec {
  private final RequestFromV1Json requests = new RequestFromV1Json();
  private final V1JsonFromResponse responses = new V1JsonFromResponse();
  private final ModelRepository models;

  public V1Codec(ModelRepository models) {
    this.models = models;
  }

  @Override
  public InferenceRequest decode(Arrival arrival) {
    return requests.decode(arrival, this::contract);
  }

  @Override
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    return responses.encode(response, request);
  }

  private Optional<Contract> contract(ModelRef asked) {
    return (asked.isPinned() ? models.find(asked.name(), asked.version()).flatMap(V1Codec::ready) : models.findDefault(asked.name())).map(ModelVersion::contract);
  }

  private static Optional<ModelVersion> ready(ModelState state) {
    return state instanceof ModelState.Ready(ModelVersion version, long _) ? Optional.of(version) : Optional.empty();
  }
}
