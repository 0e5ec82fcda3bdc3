package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.contract.Contract;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.Payload;
import java.io.IOException;
import java.util.List;

/// The bodies of the protocol's questions that are not inference: health, server and model metadata.
public final class MetadataJson {
  /// `platform` of ONNX models: `<project>_<format>`.
  public static final String ONNX = "onnx_onnxv1";

  private static final String SERVER_NAME = "faultline";

  private MetadataJson() {}

  /// `GET /v2`
  public static Payload server(String version, List<String> extensions) {
    return object(
        out -> {
          out.writeStringField("name", SERVER_NAME);
          out.writeStringField("version", version);
          writeTexts(out, "extensions", extensions);
        });
  }

  /// `GET /v2/health/live`
  public static Payload live() {
    return object(out -> out.writeBooleanField("live", true));
  }

  /// `GET /v2/health/ready`. The protocol's text says `live` where it means `ready`, so both are there.
  public static Payload ready(boolean ready) {
    return object(
        out -> {
          out.writeBooleanField("live", true);
          out.writeBooleanField("ready", ready);
        });
  }

  /// `GET /v2/models`
  public static Payload models(List<String> names) {
    return object(out -> writeTexts(out, "models", names));
  }

  /// `GET /v2/models/{model}[/versions/{version}]/ready`
  public static Payload modelReady(String name, boolean ready) {
    return object(
        out -> {
          out.writeStringField("name", name);
          out.writeBooleanField("ready", ready);
        });
  }

  /// `GET /v2/models/{model}[/versions/{version}]`
  public static Payload model(String name, List<String> versions, String platform, Contract contract) {
    return object(
        out -> {
          out.writeStringField("name", name);
          writeTexts(out, "versions", versions);
          out.writeStringField("platform", platform);
          writeTensors(out, "inputs", contract.inputs());
          writeTensors(out, "outputs", contract.outputs());
        });
  }

  private static Payload object(JsonBody.Writing members) {
    return JsonBody.of(
        out -> {
          out.writeStartObject();
          members.to(out);
          out.writeEndObject();
        });
  }

  private static void writeTexts(JsonGenerator out, String member, List<String> texts) throws IOException {
    out.writeArrayFieldStart(member);
    for (String each : texts) {
      out.writeString(each);
    }
    out.writeEndArray();
  }

  private static void writeTensors(JsonGenerator out, String member, List<TensorSpec> specs) throws IOException {
    out.writeArrayFieldStart(member);
    for (TensorSpec spec : specs) {
      out.writeStartObject();
      out.writeStringField("name", spec.name());
      out.writeStringField("datatype", spec.type().name());
      out.writeArrayFieldStart("shape");
      for (long extent : spec.wireShape()) {
        out.writeNumber(extent);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
