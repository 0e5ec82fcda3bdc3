package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Answers of Triton's generate extension: the only output as `text_output`.
public final class GenerateFromResponse {

  /// How the answer travels.
  public enum Form {
    /// One JSON document.
    DOCUMENT,
    /// One server-sent event, which holds that document.
    EVENT
  }

  private static final String EVENTS = "text/event-stream";

  private final Form form;

  public GenerateFromResponse(Form form) {
    this.form = form;
  }

  /// @throws dev.faultline.fault.FaultException carrying an `EncodeFault` when the output is no UTF-8 text
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    Tensor text = RequestedOutputs.of(response, request).getFirst();
    Payload document = JsonBody.of(out -> write(out, response, text));
    return switch (form) {
      case DOCUMENT -> document;
      case EVENT -> event(document);
    };
  }

  private static void write(JsonGenerator out, InferenceResponse response, Tensor text) throws IOException {
    out.writeStartObject();
    if (!response.id().isEmpty()) {
      out.writeStringField("id", response.id());
    }
    out.writeStringField("model_name", response.version().model());
    out.writeStringField("model_version", response.version().version());
    out.writeFieldName("text_output");
    writeText(out, text);
    out.writeEndObject();
  }

  /// As Triton does: one text as a string, several as an array.
  private static void writeText(JsonGenerator out, Tensor text) throws IOException {
    var elements = new ElementsToJson(text);
    if (text.count() == 1) {
      elements.write(out, 0);
      return;
    }
    out.writeStartArray();
    for (int i = 0; i < text.count(); i++) {
      elements.write(out, i);
    }
    out.writeEndArray();
  }

  private static Payload event(Payload document) {
    var event = new ByteArrayOutputStream(document.length() + 8);
    event.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
    event.write(document.array(), document.offset(), document.length());
    event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    return Payload.of(event.toByteArray(), EVENTS);
  }
}
