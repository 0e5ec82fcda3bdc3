package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;

/// The `shape` of one V2 input: whole numbers from 0, at most [JsonBounds#RANK_MAX] of them, with a product that can be counted.
final class ShapeFromJson {
  private static final int USUAL_RANK = 4;

  private ShapeFromJson() {}

  static Shape read(JsonReader reader) throws IOException {
    reader.require(JsonToken.START_ARRAY, "shape", "an array of whole numbers");
    JsonParser parser = reader.parser();
    var extents = new long[USUAL_RANK];
    int rank = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (rank == JsonBounds.RANK_MAX) {
        throw reader.fault("shape has more than " + JsonBounds.RANK_MAX + " dimensions");
      }
      extents = rank < extents.length ? extents : Arrays.copyOf(extents, 2 * rank);
      extents[rank] = extent(reader, rank);
      rank++;
    }
    return of(Arrays.copyOf(extents, rank), reader);
  }

  private static long extent(JsonReader reader, int axis) throws IOException {
    JsonParser parser = reader.parser();
    boolean whole = parser.hasToken(JsonToken.VALUE_NUMBER_INT) && parser.getNumberType() != NumberType.BIG_INTEGER;
    if (!whole || parser.getLongValue() < 0) {
      throw reader.unexpected("shape[" + axis + "]", "a whole number from 0");
    }
    return parser.getLongValue();
  }

  private static Shape of(long[] extents, JsonReader reader) {
    try {
      return Shape.of(extents);
    } catch (IllegalArgumentException e) {
      throw reader.fault("shape " + Excerpt.value(Arrays.toString(extents)) + " has more elements than can be counted", e);
    }
  }
}
