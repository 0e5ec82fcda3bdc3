package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.contract.Contract;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.Payload;
import dev.faultline.tensor.DataType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests of Triton's generate extension as the V2 requests that they stand for: the text becomes the model's only input, `id` and
/// `parameters` stay. So they are validated, kept, redacted and replayed like any other.
///
/// | payload | answer |
/// |---|---|
/// | not JSON; the text absent, or no string | `decode.json` |
/// | members that nobody knows | ignored |
public final class V2JsonFromGenerate {
  private static final String TEXT = "text_input";

  private V2JsonFromGenerate() {}

  /// Whether a model takes one text and gives one.
  public static boolean suits(Contract contract) {
    return contract.inputs().size() == 1
        && contract.outputs().size() == 1
        && contract.outputs().getFirst().type() == DataType.BYTES
        && takesOneText(contract.inputs().getFirst());
  }

  private static boolean takesOneText(TensorSpec input) {
    return input.type() == DataType.BYTES && input.wireShape().stream().allMatch(extent -> extent < 0 || extent == 1);
  }

  /// @param inputs those of the model; none when it is not known, which ROUTE will say
  /// @throws dev.faultline.fault.FaultException carrying a `DecodeFault`
  public static Payload convert(Payload body, List<TensorSpec> inputs) {
    return JsonReader.read(body, reader -> new Members(reader, inputs).converted());
  }

  /// The members of the request while they are read.
  private static final class Members {
    private final JsonReader reader;
    private final List<TensorSpec> inputs;
    private String id = "";
    private JsonReader.@Nullable Span parameters;
    private @Nullable String text;

    private Members(JsonReader reader, List<TensorSpec> inputs) {
      this.reader = reader;
      this.inputs = inputs;
    }

    private Payload converted() throws IOException {
      JsonParser parser = reader.parser();
      for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
        parser.nextToken();
        member(member);
      }
      if (text == null && !inputs.isEmpty()) {
        throw reader.fault("the request has no '" + TEXT + "' (expected: a string)");
      }
      return JsonBody.of(this::write);
    }

    private void member(String member) throws IOException {
      boolean isNull = reader.parser().hasToken(JsonToken.VALUE_NULL);
      if (member.equals(TEXT) || inputs.stream().anyMatch(input -> input.name().equals(member))) {
        reader.require(JsonToken.VALUE_STRING, "'" + Excerpt.name(member) + "'", "a string");
        text = reader.sound("the text", reader.parser().getText());
      } else if (member.equals("id") && !isNull) {
        id = reader.name("id");
      } else if (member.equals("parameters") && !isNull) {
        reader.require(JsonToken.START_OBJECT, "parameters", "an object");
        parameters = reader.skip();
      } else {
        reader.parser().skipChildren();
      }
    }

    private void write(JsonGenerator out) throws IOException {
      out.writeStartObject();
      if (!id.isEmpty()) {
        out.writeStringField("id", id);
      }
      if (parameters != null) {
        out.writeFieldName("parameters");
        try (JsonParser again = reader.again(parameters)) {
          out.copyCurrentStructure(again);
        }
      }
      out.writeArrayFieldStart("inputs");
      if (text != null && !inputs.isEmpty()) {
        write(out, inputs.getFirst(), text);
      }
      out.writeEndArray();
      out.writeEndObject();
    }

    private static void write(JsonGenerator out, TensorSpec input, String text) throws IOException {
      out.writeStartObject();
      out.writeStringField("name", input.name());
      out.writeStringField("datatype", DataType.BYTES.name());
      out.writeArrayFieldStart("shape");
      for (int axis = 0; axis < input.dimensions().size(); axis++) {
        out.writeNumber(1);
      }
      out.writeEndArray();
      out.writeArrayFieldStart("data");
      out.writeString(text);
      out.writeEndArray();
      out.writeEndObject();
    }
  }
}
