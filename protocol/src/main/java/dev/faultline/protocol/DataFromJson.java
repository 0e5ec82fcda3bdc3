package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import java.io.IOException;

/// The `data` of one V2 input, flat or nested, held against its shape while it is read.
///
/// Data that contradicts the shape is read to its end for the sake of the rest of the payload, but not kept: the first
/// contradiction becomes the tensor's size breach.
final class DataFromJson {
  private final JsonParser parser;
  private final Shape shape;
  private final ElementSink sink;
  private Layout layout = Layout.FLAT;
  private long found;
  private String breach = "";

  private DataFromJson(JsonParser parser, DataType type, Shape shape) {
    this.parser = parser;
    this.shape = shape;
    this.sink = new ElementSink(type, shape.elementCount());
  }

  /// Reads the array the parser stands on.
  static DataFromJson read(JsonParser parser, DataType type, Shape shape) throws IOException {
    var data = new DataFromJson(parser, type, shape);
    if (parser.nextToken() == JsonToken.START_ARRAY) {
      data.layout = Layout.NESTED;
      data.nested();
    } else {
      data.flat();
    }
    return data;
  }

  InputTensor tensor(String name, int position) {
    return sink.tensor(name, shape, layout, position, breach);
  }

  private void flat() throws IOException {
    for (JsonToken token = parser.currentToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (token == JsonToken.START_ARRAY) {
        breach("an array among values at data[" + found + "]");
      }
      take();
    }
    if (found != shape.elementCount()) {
      breach(count(found, "value", "values") + " for shape " + shape + ", which holds " + shape.elementCount());
    }
  }

  /// Walks the arrays inside each other; `seen[d]` counts the entries of the open array at depth `d`, where `data` itself is 1.
  private void nested() throws IOException {
    var seen = new long[JsonBounds.NESTING_MAX + 1];
    int depth = 1;
    while (depth > 0) {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.END_ARRAY) {
        checkExtent(seen, depth);
        depth--;
      } else {
        seen[depth]++;
        if (token == JsonToken.START_ARRAY) {
          depth++;
          seen[depth] = 0;
        } else {
          checkDepth(seen, depth);
          take();
        }
      }
      if (depth > 0) {
        parser.nextToken();
      }
    }
  }

  private void checkExtent(long[] seen, int depth) {
    if (depth > shape.rank()) {
      breach("an array " + depth + " deep at " + place(seen, depth) + ", where shape " + shape + " has " + count(shape.rank(), "axis", "axes"));
    } else if (seen[depth] != shape.extent(depth - 1)) {
      String entries = "an array of " + count(seen[depth], "entry", "entries") + " at " + place(seen, depth);
      breach(entries + ", where shape " + shape + " has " + shape.extent(depth - 1));
    }
  }

  private void checkDepth(long[] seen, int depth) {
    if (depth != shape.rank()) {
      breach("a value " + depth + " deep at " + place(seen, depth + 1) + ", where shape " + shape + " has " + count(shape.rank(), "axis", "axes"));
    }
  }

  private void take() throws IOException {
    if (breach.isEmpty() && found < shape.elementCount()) {
      sink.put(parser, sink.grow(1));
    } else {
      parser.skipChildren();
    }
    found++;
  }

  private void breach(String text) {
    breach = breach.isEmpty() ? text : breach;
  }

  /// `data[1][0]`: the array at `depth`, by the entries open above it.
  private static String place(long[] seen, int depth) {
    var text = new StringBuilder("data");
    for (int above = 1; above < depth; above++) {
      text.append('[').append(seen[above] - 1).append(']');
    }
    return text.toString();
  }

  private static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
