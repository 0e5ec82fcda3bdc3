package dev.faultline.protocol;

import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/// Answers of the V2 protocol in the form the caller asked for: JSON, or JSON with the bytes of some outputs or all behind it.
///
/// Each byte is copied once, from the tensor to the payload. The content type of a binary answer holds the length of its JSON, see
/// [BinaryContentType].
public final class BinaryFromResponse {
  private final JsonFromResponse json = new JsonFromResponse();
  private final Labels labels;

  /// @param labels what the classes of an output are called
  public BinaryFromResponse(Labels labels) {
    this.labels = labels;
  }

  /// @throws dev.faultline.fault.FaultException carrying an `EncodeFault` that names the output
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    InferenceResponse classified = Classification.apply(response, request, labels);
    List<Tensor> outputs = RequestedOutputs.of(classified, request);
    var wanted = new BinaryOutputs(request);
    List<Tensor> binary = outputs.stream().filter(wanted).toList();
    if (binary.isEmpty()) {
      return json.encode(classified, request);
    }
    byte[] head = JsonBody.bytes(out -> JsonFromResponse.write(out, classified, outputs, wanted));
    ByteBuffer whole = ByteBuffer.allocate(RawElements.requireSendable(binary, head.length)).put(head);
    binary.forEach(tensor -> RawElements.write(tensor, whole));
    return Payload.of(whole.array(), BinaryContentType.of(Integer.toString(head.length)));
  }
}
