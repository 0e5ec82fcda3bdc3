package dev.faultline.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Thrown;
import dev.faultline.protocol.inference.ModelInferRequest;
import dev.faultline.protocol.inference.ModelInferRequest.InferInputTensor;
import dev.faultline.protocol.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.faultline.request.Arrival;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.RequestedOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Inference requests in gRPC: the bytes of a `ModelInferRequest`.
///
/// Raw contents stay where they are in the payload. Places in faults are written as in the message's JSON form,
/// `/inputs/0/contents/fp32_contents/15`.
///
/// | message | answer |
/// |---|---|
/// | not a `ModelInferRequest` | `decode.json` |
/// | `raw_input_contents` for some inputs only, or beside typed contents; an input or a requested output twice | `decode.json` |
/// | values in a member that is not the data type's; a negative dimension; a parameter without value | `decode.json` |
/// | an input in shared memory | `decode.encoding_unsupported` |
/// | unknown `datatype`; `FP16` or `BF16` in typed contents | `decode.data_type_unsupported` |
/// | contents that contradict shape and data type | the tensor's size breach, with both numbers |
/// | a typed value that is too large for `INT8`, `UINT16` and the like | a misfit, which VALIDATE reports |
public final class RequestFromGrpc {
  public static final String CONTENT_TYPE = "application/grpc";

  /// @throws FaultException carrying a `DecodeFault`
  public InferenceRequest decode(Arrival arrival) {
    ModelInferRequest message = parse(arrival.payload());
    Map<String, Object> parameters = GrpcParameters.read(message.getParametersMap(), "");
    var reserved = new ReservedParameters(parameters).requireSoundPriority();
    Deadline deadline = arrival.deadline().earlier(reserved.deadline(arrival.atNanos()));
    ModelRef model = reserved.model(asked(message, arrival));
    return Classification.checked(new InferenceRequest(message.getId(), model, parameters, inputs(message), outputs(message), deadline));
  }

  /// A version that the metadata names counts where the message names none.
  private static ModelRef asked(ModelInferRequest message, Arrival arrival) {
    String version = message.getModelVersion().isEmpty() ? arrival.model().version() : message.getModelVersion();
    return new ModelRef(message.getModelName(), version);
  }

  /// The model a message asks for, found without reading the rest; what cannot be read is empty, because DECODE says so later.
  public static ModelRef model(Payload payload) {
    String name = "";
    String version = "";
    try {
      CodedInputStream in = input(payload);
      for (int tag = in.readTag(); tag != 0 && WireFormat.getTagFieldNumber(tag) <= ModelInferRequest.MODEL_VERSION_FIELD_NUMBER; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case ModelInferRequest.MODEL_NAME_FIELD_NUMBER -> name = in.readString();
          case ModelInferRequest.MODEL_VERSION_FIELD_NUMBER -> version = in.readString();
          default -> in.skipField(tag);
        }
      }
    } catch (IOException e) {
      return new ModelRef(name, version);
    }
    return new ModelRef(name, version);
  }

  /// The message, whose bytes fields are parts of the payload.
  private static ModelInferRequest parse(Payload payload) {
    try {
      return ModelInferRequest.parseFrom(input(payload));
    } catch (InvalidProtocolBufferException e) {
      String summary = "the message is not a ModelInferRequest: " + Excerpt.name(String.valueOf(e.getMessage()));
      throw new FaultException(new DecodeFault.Json(summary, Place.at(""), List.of(Thrown.of(e))), e);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private static CodedInputStream input(Payload payload) {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(payload.array(), payload.offset(), payload.length());
    CodedInputStream in = bytes.newCodedInput();
    in.enableAliasing(true);
    return in;
  }

  private static List<InputTensor> inputs(ModelInferRequest message) {
    int raw = message.getRawInputContentsCount();
    if (raw > 0 && raw != message.getInputsCount()) {
      String summary = "raw_input_contents has " + raw + (raw == 1 ? " entry" : " entries") + " (expected: " + message.getInputsCount() + ", one for each input)";
      throw JsonReader.fault(summary, "/raw_input_contents");
    }
    var inputs = new ArrayList<InputTensor>(message.getInputsCount());
    var names = new Names("input", "/inputs/");
    for (int i = 0; i < message.getInputsCount(); i++) {
      InferInputTensor input = message.getInputs(i);
      names.add(input.getName(), i);
      var reading = new GrpcInput(input, i);
      inputs.add(raw > 0 ? reading.raw(message.getRawInputContents(i)) : reading.typed());
    }
    return inputs;
  }

  private static List<RequestedOutput> outputs(ModelInferRequest message) {
    var outputs = new ArrayList<RequestedOutput>(message.getOutputsCount());
    var names = new Names("output", "/outputs/");
    for (int i = 0; i < message.getOutputsCount(); i++) {
      InferRequestedOutputTensor output = message.getOutputs(i);
      names.add(output.getName(), i);
      outputs.add(new RequestedOutput(output.getName(), GrpcParameters.read(output.getParametersMap(), "/outputs/" + i)));
    }
    return outputs;
  }

  /// Names already seen among the inputs or the outputs of one request.
  private static final class Names {
    private final String kind;
    private final String pointer;
    private final HashSet<String> seen = new HashSet<>();

    Names(String kind, String pointer) {
      this.kind = kind;
      this.pointer = pointer;
    }

    void add(String name, int position) {
      if (!seen.add(name)) {
        throw JsonReader.fault(kind + " '" + Excerpt.name(name) + "' is there twice (expected: once)", pointer + position);
      }
      if (seen.size() > JsonBounds.TENSORS_MAX) {
        throw JsonReader.fault("the request has more than " + JsonBounds.TENSORS_MAX + " " + kind + "s", pointer + position);
      }
      if (name.length() > JsonBounds.NAME_CHARS_MAX) {
        throw JsonReader.fault("the name of an " + kind + " has " + name.length() + " characters (expected: at most " + JsonBounds.NAME_CHARS_MAX + ")", pointer + position);
      }
    }
  }
}
