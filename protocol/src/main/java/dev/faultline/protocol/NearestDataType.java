package dev.faultline.protocol;

import dev.faultline.fault.NearestName;
import dev.faultline.tensor.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The data type somebody probably meant by a name the protocol does not know.
final class NearestDataType {
  /// Names from numpy, ONNX, TensorFlow and Triton's model configuration.
  private static final Map<String, String> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("STRING", "BYTES"),
          Map.entry("STR", "BYTES"),
          Map.entry("OBJECT", "BYTES"),
          Map.entry("FLOAT", "FP32"),
          Map.entry("FLOAT32", "FP32"),
          Map.entry("DOUBLE", "FP64"),
          Map.entry("FLOAT64", "FP64"),
          Map.entry("FLOAT16", "FP16"),
          Map.entry("HALF", "FP16"),
          Map.entry("BFLOAT16", "BF16"),
          Map.entry("INT", "INT32"),
          Map.entry("INTEGER", "INT32"),
          Map.entry("LONG", "INT64"),
          Map.entry("BOOLEAN", "BOOL"));

  private static final List<String> NAMES = Arrays.stream(DataType.values()).map(DataType::name).toList();
  private static final String TRITON_PREFIX = "TYPE_";

  private NearestDataType() {}

  static String of(String name) {
    String upper = Excerpt.name(name).toUpperCase(Locale.ROOT);
    String bare = upper.startsWith(TRITON_PREFIX) ? upper.substring(TRITON_PREFIX.length()) : upper;
    return OTHER_NAMES.getOrDefault(bare, NearestName.ranked(bare, NAMES, 1).getFirst());
  }
}
