package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import java.io.IOException;

/// A record member that no input of the model is called: kept with its first value, so that VALIDATE can refuse it by name.
final class UnknownMember {
  private UnknownMember() {}

  /// Reads the value the parser stands on; of an array or object nothing is kept but the name.
  static InputTensor read(JsonParser parser, String name, int position) throws IOException {
    var sink = new ElementSink(type(parser), 1);
    if (parser.currentToken().isStructStart()) {
      parser.skipChildren();
      return sink.tensor(name, Shape.of(0), Layout.RECORDS, position, "");
    }
    sink.put(parser, sink.grow(1));
    return sink.tensor(name, Shape.of(1), Layout.RECORDS, position, "");
  }

  private static DataType type(JsonParser parser) {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT -> DataType.INT64;
      case VALUE_NUMBER_FLOAT, VALUE_NULL -> DataType.FP64;
      case VALUE_TRUE, VALUE_FALSE -> DataType.BOOL;
      case VALUE_STRING, START_ARRAY, START_OBJECT, END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> DataType.BYTES;
    };
  }
}
