package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One member of `inputs` in a V2 request.
///
/// Its members may come in any order. `data` before `shape` or `datatype` is skipped and read again at the end, so only such a
/// payload is parsed twice.
///
/// Longer than most files because everything an input can lack is found missing here.
final class InputFromJson {
  private static final String BINARY_SIZE = "binary_data_size";

  private final JsonReader reader;
  private final BinaryTensors binary;
  private final int position;
  private @Nullable String name;
  private @Nullable DataType type;
  private @Nullable Shape shape;
  private @Nullable DataFromJson data;
  private JsonReader.@Nullable Span skippedData;
  private Map<String, Object> parameters = Map.of();

  private InputFromJson(JsonReader reader, int position, BinaryTensors binary) {
    this.reader = reader;
    this.position = position;
    this.binary = binary;
  }

  /// Reads the object the reader stands on.
  static InputTensor read(JsonReader reader, int position, BinaryTensors binary) throws IOException {
    reader.require(JsonToken.START_OBJECT, "inputs[" + position + "]", "an object with name, shape, datatype and data");
    var input = new InputFromJson(reader, position, binary);
    JsonParser parser = reader.parser();
    for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
      parser.nextToken();
      input.member(member);
    }
    return input.tensor();
  }

  private void member(String member) throws IOException {
    switch (member) {
      case "name" -> name = reader.name("name");
      case "datatype" -> type = dataType();
      case "shape" -> shape = ShapeFromJson.read(reader);
      case "data" -> data();
      case "parameters" -> parameters = ParametersFromJson.read(reader, "parameters");
      default -> reader.parser().skipChildren();
    }
  }

  private DataType dataType() throws IOException {
    String wire = reader.name("datatype");
    return DataType.find(wire).orElseThrow(() -> unknown(wire));
  }

  private FaultException unknown(String wire) {
    String summary = "datatype is '" + Excerpt.name(wire) + "' (expected: one of the protocol's; did you mean " + NearestDataType.of(wire) + "?)";
    return new FaultException(new DecodeFault.DataTypeUnsupported(summary, Place.at(reader.pointer())));
  }

  private void data() throws IOException {
    reader.require(JsonToken.START_ARRAY, "data", "an array");
    if (type == null || shape == null || !type.hasJsonForm()) {
      skippedData = reader.skip();
    } else {
      data = DataFromJson.read(reader.parser(), type, shape);
    }
  }

  private InputTensor tensor() throws IOException {
    String foundName = present(name, "name");
    DataType foundType = present(type, "datatype");
    Shape foundShape = present(shape, "shape");
    if (parameters.containsKey(BINARY_SIZE)) {
      return binaryTensor(foundName, foundType, foundShape);
    }
    if (!foundType.hasJsonForm()) {
      throw new FaultException(
          new DecodeFault.DataTypeUnsupported(
              "receiving " + foundType + " data via JSON is not supported. Please use the binary data format for input " + Excerpt.name(foundName),
              Field.input(foundName, reader.pointer())));
    }
    if (skippedData != null) {
      data = readAgain(skippedData, foundType, foundShape);
    }
    return present(data, "data").tensor(foundName, position);
  }

  private DataFromJson readAgain(JsonReader.Span span, DataType foundType, Shape foundShape) throws IOException {
    try (JsonParser second = reader.again(span)) {
      return DataFromJson.read(second, foundType, foundShape);
    }
  }

  private <T> T present(@Nullable T value, String member) {
    if (value == null) {
      throw reader.fault(label() + " has no '" + member + "' (expected: name, shape, datatype and data)");
    }
    return value;
  }

  /// The tensor's bytes follow the JSON; a payload that is JSON throughout has none.
  private InputTensor binaryTensor(String foundName, DataType foundType, Shape foundShape) {
    Object size = parameters.get(BINARY_SIZE);
    if (!(size instanceof Long bytes) || bytes < 0) {
      throw JsonReader.fault(
          "parameter '" + BINARY_SIZE + "' is " + Excerpt.value(String.valueOf(size)) + " (expected: a number of bytes)",
          reader.pointer() + "/parameters/" + BINARY_SIZE);
    }
    if (data != null || skippedData != null) {
      throw reader.fault(label() + " has both 'data' and '" + BINARY_SIZE + "' (expected: one of them)");
    }
    return RawElements.input(foundName, foundType, foundShape, binary.take(bytes, Field.input(foundName, reader.pointer())), position);
  }

  private String label() {
    return "inputs[" + position + "]" + (name == null ? "" : " '" + Excerpt.name(name) + "'");
  }
}
