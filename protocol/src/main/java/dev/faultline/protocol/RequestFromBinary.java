package dev.faultline.protocol;

import dev.faultline.contract.Contract;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// V2 requests with the binary tensor data extension: JSON first, then the bytes of every input that has `binary_data_size`, in the order
/// of the inputs. Inputs with `data` and inputs with bytes may stand side by side; a payload that is JSON throughout is read too.
///
/// | payload | answer |
/// |---|---|
/// | header `Inference-Header-Content-Length` is no number | `decode.encoding_unsupported` |
/// | it is more than the payload has; an input announces more bytes than are left; bytes are left at the end | `decode.binary_length` |
/// | an input has both `data` and `binary_data_size` | `decode.json` |
/// | bytes that contradict shape and data type | the tensor's size breach, with both numbers |
/// | the header is 0 | a raw request: the whole payload is the only input of the model, and the answer is binary |
/// | a raw request for a model that has several inputs or several free dimensions | `decode.encoding_unsupported` |
public final class RequestFromBinary {
  private final RequestFromJson json = new RequestFromJson();

  /// @param contracts the contract of a model as asked for, empty when there is no such model: a raw request then has no inputs, because
  ///     ROUTE refuses it anyway
  /// @throws FaultException carrying a `DecodeFault`
  public InferenceRequest decode(Arrival arrival, Function<ModelRef, Optional<Contract>> contracts) {
    Payload payload = arrival.payload();
    if (!BinaryContentType.isBinary(payload)) {
      return Classification.checked(json.decode(arrival));
    }
    int jsonLength = jsonLength(payload);
    return jsonLength == 0 ? raw(arrival, contracts.apply(arrival.model())) : Classification.checked(mixed(arrival, jsonLength));
  }

  private InferenceRequest mixed(Arrival arrival, int jsonLength) {
    Payload payload = arrival.payload();
    BinaryTensors binary = BinaryTensors.behind(payload, jsonLength);
    Payload head = Payload.of(payload.array(), payload.offset(), jsonLength, JsonBody.CONTENT_TYPE);
    InferenceRequest request = json.decode(arrival, head, binary);
    binary.requireEnd();
    return request;
  }

  private static int jsonLength(Payload payload) {
    String announced = BinaryContentType.announced(payload);
    if (announced.isEmpty() || announced.length() > 18 || !announced.chars().allMatch(each -> each >= '0' && each <= '9')) {
      throw unsupported(announced, "the number of bytes of the JSON at the start of the payload");
    }
    long length = Long.parseLong(announced);
    if (length > payload.length()) {
      Field where = Field.member("the payload with JSON as long as " + BinaryContentType.HEADER + " says", "");
      throw new FaultException(new DecodeFault.BinaryLength(where, payload.length(), length));
    }
    return (int) length;
  }

  private static InferenceRequest raw(Arrival arrival, Optional<Contract> contract) {
    List<InputTensor> inputs = contract.map(known -> List.of(rawInput(arrival, known))).orElse(List.of());
    return new InferenceRequest("", arrival.model(), Map.of(BinaryOutputs.ALL, true), inputs, List.of(), arrival.deadline());
  }

  private static InputTensor rawInput(Arrival arrival, Contract contract) {
    if (contract.inputs().size() != 1) {
      throw unsupported("0", "the length of the JSON, because model '" + arrival.model().name() + "' has " + contract.inputs().size() + " inputs");
    }
    TensorSpec spec = contract.inputs().getFirst();
    if (spec.wireShape().stream().filter(extent -> extent < 0).count() > 1) {
      throw unsupported("0", "the length of the JSON, because shape " + spec.wireShape() + " of input '" + spec.name() + "' has several free dimensions");
    }
    Payload payload = arrival.payload();
    return RawInput.of(spec, ByteBuffer.wrap(payload.array(), payload.offset(), payload.length()));
  }

  private static FaultException unsupported(String got, String want) {
    return new FaultException(new DecodeFault.EncodingUnsupported(BinaryContentType.HEADER, got, want));
  }
}
