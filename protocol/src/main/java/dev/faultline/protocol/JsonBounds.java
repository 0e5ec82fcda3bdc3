package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

/// How payloads are read and written as JSON, and the bounds on what is read.
///
/// Buffers come from a bounded pool: Jackson's default keeps them per thread, and here every request has a thread of its own.
final class JsonBounds {
  /// Arrays and objects inside each other, the request's own three levels included.
  static final int NESTING_MAX = 64;
  /// Characters of one number.
  static final int NUMBER_CHARS_MAX = 1_000;
  /// Characters of one string, such as an image in base64.
  static final int STRING_CHARS_MAX = 16 * 1024 * 1024;
  /// Characters of one member name.
  static final int NAME_CHARS_MAX = 1_024;
  /// Dimensions of one tensor.
  static final int RANK_MAX = 32;
  /// Inputs, and likewise requested outputs, of one request.
  static final int TENSORS_MAX = 4_096;
  /// Buffers kept for the next request.
  static final int POOLED_BUFFERS_MAX = 64;

  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(NESTING_MAX)
                  .maxNumberLength(NUMBER_CHARS_MAX)
                  .maxStringLength(STRING_CHARS_MAX)
                  .maxNameLength(NAME_CHARS_MAX)
                  .build())
          .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS_MAX))
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonBounds() {}
}
