package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;

/// The shape that every row of one V1 input has: learnt from the first row, then held against the others.
///
/// The contract decides only how a single value is meant (`5` for `[-1,1]` is a row of one). Otherwise the shape is what the payload
/// shows, so that VALIDATE can compare what was sent with what is wanted.
///
/// Longer than most files because learning a shape and holding rows against it are the same walk.
final class RowShape {
  private static final int UNKNOWN = -1;

  /// Extents after the batch axis; `extents[1]` is the first, so that the index is the depth of nesting.
  private final long[] extents = new long[JsonBounds.NESTING_MAX + 1];

  /// Entries seen in the open array at each depth of the row being read.
  private final long[] seen = new long[JsonBounds.NESTING_MAX + 1];

  private final TensorSpec spec;
  private int rank = UNKNOWN;

  RowShape(TensorSpec spec) {
    this.spec = spec;
    Arrays.fill(extents, UNKNOWN);
  }

  /// Reads one row that the parser stands on; each value goes to `sink`.
  ///
  /// @return empty, or how the row contradicts the rows before it
  String read(JsonParser parser, ElementSink sink) throws IOException {
    return parser.hasToken(JsonToken.START_ARRAY) ? readArray(parser, sink) : readSingle(parser, sink);
  }

  /// Elements of a row that is not there, as the contract or the rows before have it.
  long absentCount() {
    return rank == UNKNOWN ? contractCount() : count();
  }

  /// Takes the contract's row as the shape when no row has shown one.
  void settle() {
    if (rank == UNKNOWN) {
      takeContract();
    }
  }

  Shape of(int rows) {
    settle();
    var all = new long[rank + 1];
    all[0] = rows;
    for (int depth = 1; depth <= rank; depth++) {
      // an axis under an empty one was never seen
      all[depth] = Math.max(extents[depth], 0);
    }
    return Shape.of(all);
  }

  private String readSingle(JsonParser parser, ElementSink sink) throws IOException {
    if (rank == UNKNOWN) {
      rank = contractRank();
      Arrays.fill(extents, 1, rank + 1, 1);
    }
    sink.put(parser, sink.grow(1));
    return count() == 1 ? "" : "a single value, where others have " + count();
  }

  private String readArray(JsonParser parser, ElementSink sink) throws IOException {
    seen[1] = 0;
    String breach = "";
    int deepest = 1;
    int depth = 1;
    while (depth > 0) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_ARRAY) {
        breach = breach.isEmpty() ? checkExtent(depth, seen[depth]) : breach;
        depth--;
      } else {
        seen[depth]++;
        if (token == JsonToken.START_ARRAY) {
          depth++;
          seen[depth] = 0;
          deepest = Math.max(deepest, depth);
        } else {
          breach = breach.isEmpty() ? checkDepth(depth) : breach;
          sink.put(parser, sink.grow(1));
        }
      }
    }
    return breach.isEmpty() ? checkDepth(deepest) : breach;
  }

  private String checkExtent(int depth, long found) {
    if (extents[depth] == UNKNOWN) {
      extents[depth] = found;
    }
    return extents[depth] == found ? "" : "an array of " + found + " where others have " + extents[depth];
  }

  private String checkDepth(int depth) {
    if (rank == UNKNOWN) {
      rank = depth;
    }
    return rank == depth ? "" : "an array " + depth + " deep, where others are " + rank + " deep";
  }

  private long count() {
    long count = 1;
    for (int depth = 1; depth <= rank; depth++) {
      count *= Math.max(extents[depth], 0);
    }
    return count;
  }

  private int contractRank() {
    return Math.max(spec.dimensions().size() - 1, 0);
  }

  private long contractCount() {
    long count = 1;
    for (int depth = 1; depth <= contractRank(); depth++) {
      count *= contractExtent(depth);
    }
    return count;
  }

  private void takeContract() {
    rank = contractRank();
    for (int depth = 1; depth <= rank; depth++) {
      extents[depth] = contractExtent(depth);
    }
  }

  private long contractExtent(int depth) {
    return spec.dimensions().get(depth) instanceof Dimension.Fixed(long extent) ? extent : 1;
  }
}
