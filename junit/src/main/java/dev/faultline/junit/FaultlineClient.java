package dev.faultline.junit;

import dev.faultline.protocol.BinaryFromResponse;
import dev.faultline.protocol.Labels;
import dev.faultline.protocol.RequestFromBinary;
import dev.faultline.protocol.RequestFromV1Json;
import dev.faultline.protocol.V1JsonFromResponse;
import dev.faultline.request.Arrival;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.serving.stage.Codec;
import dev.faultline.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Sends requests to the models of the test class through all nine stages, DECODE and ENCODE included, without HTTP. Safe for use by several
/// threads.
///
/// A model is named `credit-risk`, for the version that answers by default, or `credit-risk/7`.
public final class FaultlineClient {
  private final Workbench bench;
  private final List<SeenFaults> seen;

  /// `seen` hear of what goes wrong.
  FaultlineClient(Workbench bench, List<SeenFaults> seen) {
    this.bench = bench;
    this.seen = List.copyOf(seen);
  }

  /// A request as the Open Inference Protocol V2 writes it: `{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3], "data": [1, 2, 3]}]}`.
  public Answer infer(String model, String v2Json) {
    return infer(model, json(v2Json), Map.of());
  }

  /// A request whose inputs are tensors already, as tests compute them.
  public Answer infer(String model, Tensor... inputs) {
    return send(model, Protocol.DIRECT, Map.of(), Payload.EMPTY, new Direct(List.of(inputs)));
  }

  /// A request as KServe V1 writes it: `{"instances": [{"age": 34, "city": "Oslo"}]}`.
  public Answer predict(String model, String v1Json) {
    return send(model, Protocol.V1_REST, Map.of(), json(v1Json), new V1());
  }

  /// @param headers names in lower case, such as `inference-header-content-length` of binary tensors
  Answer infer(String model, Payload payload, Map<String, String> headers) {
    return send(model, Protocol.V2_REST, headers, payload, new V2());
  }

  /// A good request as its inputs are read, whatever the contract says of it.
  InferenceRequest decoded(String model, String v2Json) {
    return new V2().decode(bench.arrival(Workbench.ref(model), Protocol.V2_REST, Map.of(), json(v2Json)));
  }

  private Answer send(String model, Protocol protocol, Map<String, String> headers, Payload payload, Codec codec) {
    Outcome outcome = bench.run(Workbench.ref(model), protocol, headers, payload, codec);
    var answer = new Answer(outcome);
    seen.forEach(each -> each.add(answer.both()));
    return answer;
  }

  private static Payload json(String text) {
    return Payload.of(text.getBytes(StandardCharsets.UTF_8), "application/json");
  }

  private Labels labels() {
    return bench::labels;
  }

  private final class V2 implements Codec {
    @Override
    public InferenceRequest decode(Arrival arrival) {
      return new RequestFromBinary().decode(arrival, bench::contract);
    }

    @Override
    public Payload encode(InferenceResponse response, InferenceRequest request) {
      return new BinaryFromResponse(labels()).encode(response, request);
    }
  }

  private final class V1 implements Codec {
    @Override
    public InferenceRequest decode(Arrival arrival) {
      return new RequestFromV1Json().decode(arrival, bench::contract);
    }

    @Override
    public Payload encode(InferenceResponse response, InferenceRequest request) {
      return new V1JsonFromResponse().encode(response, request);
    }
  }

  /// Hands on what is decoded already.
  private final class Direct implements Codec {
    private final List<Tensor> tensors;

    Direct(List<Tensor> tensors) {
      this.tensors = tensors;
    }

    @Override
    public InferenceRequest decode(Arrival arrival) {
      return request(arrival.model(), tensors);
    }

    @Override
    public Payload encode(InferenceResponse response, InferenceRequest request) {
      return new BinaryFromResponse(labels()).encode(response, request);
    }
  }

  static InferenceRequest request(ModelRef model, List<Tensor> tensors) {
    var inputs = new ArrayList<InputTensor>(tensors.size());
    tensors.forEach(tensor -> inputs.add(InputTensor.of(tensor, InputTensor.Layout.FLAT, inputs.size())));
    return new InferenceRequest("", model, Map.of(), inputs, List.of(), Deadline.NEVER);
  }
}
