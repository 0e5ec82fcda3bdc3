package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Answers of the Open Inference Protocol V2 in JSON: the protocol's members and no other, because strict clients refuse those.
///
/// Outputs come in the order the caller asked for, or all in the model's order. `data` is flat.
public final class JsonFromResponse {

  /// @throws dev.faultline.fault.FaultException carrying an `EncodeFault` that names the output
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    List<Tensor> outputs = RequestedOutputs.of(response, request);
    return JsonBody.of(out -> write(out, response, outputs, _ -> false));
  }

  /// @param binary which outputs travel behind the JSON, so that only their size stands in it
  static void write(JsonGenerator out, InferenceResponse response, List<Tensor> outputs, Predicate<Tensor> binary) throws IOException {
    out.writeStartObject();
    out.writeStringField("model_name", response.version().model());
    out.writeStringField("model_version", response.version().version());
    if (!response.id().isEmpty()) {
      out.writeStringField("id", response.id());
    }
    if (!response.parameters().isEmpty()) {
      writeParameters(out, response.parameters());
    }
    out.writeArrayFieldStart("outputs");
    for (Tensor output : outputs) {
      writeOutput(out, output, binary.test(output));
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeParameters(JsonGenerator out, Map<String, Object> parameters) throws IOException {
    out.writeObjectFieldStart("parameters");
    for (Map.Entry<String, Object> each : parameters.entrySet()) {
      out.writeFieldName(each.getKey());
      switch (each.getValue()) {
        case Boolean flag -> out.writeBoolean(flag);
        case Long number -> out.writeNumber(number);
        case Double number -> out.writeNumber(number);
        case Object text -> out.writeString(text.toString());
      }
    }
    out.writeEndObject();
  }

  private static void writeOutput(JsonGenerator out, Tensor output, boolean isBinary) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", output.name());
    out.writeStringField("datatype", output.type().name());
    out.writeArrayFieldStart("shape");
    for (int axis = 0; axis < output.shape().rank(); axis++) {
      out.writeNumber(output.shape().extent(axis));
    }
    out.writeEndArray();
    if (isBinary) {
      writeParameters(out, Map.of("binary_data_size", RawElements.byteCount(output)));
    } else {
      writeData(out, output);
    }
    out.writeEndObject();
  }

  private static void writeData(JsonGenerator out, Tensor output) throws IOException {
    out.writeArrayFieldStart("data");
    var elements = new ElementsToJson(output);
    for (int i = 0; i < output.count(); i++) {
      elements.write(out, i);
    }
    out.writeEndArray();
  }
}
