package dev.faultline.protocol;

import dev.faultline.tensor.DataType;
import java.util.Locale;
import java.util.Map;

/// The data type somebody probably meant by a name the protocol does not know.
final class NearestDataType {
  /// Names from numpy, ONNX, TensorFlow and Triton's model configuration.
  private static final Map<String, DataType> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("STRING", DataType.BYTES),
          Map.entry("STR", DataType.BYTES),
          Map.entry("OBJECT", DataType.BYTES),
          Map.entry("FLOAT", DataType.FP32),
          Map.entry("FLOAT32", DataType.FP32),
          Map.entry("DOUBLE", DataType.FP64),
          Map.entry("FLOAT64", DataType.FP64),
          Map.entry("FLOAT16", DataType.FP16),
          Map.entry("HALF", DataType.FP16),
          Map.entry("BFLOAT16", DataType.BF16),
          Map.entry("INT", DataType.INT32),
          Map.entry("INTEGER", DataType.INT32),
          Map.entry("LONG", DataType.INT64),
          Map.entry("BOOLEAN", DataType.BOOL));

  private NearestDataType() {}

  static DataType of(String name) {
    String upper = Excerpt.name(name).toUpperCase(Locale.ROOT);
    String bare = upper.startsWith("TYPE_") ? upper.substring("TYPE_".length()) : upper;
    DataType known = OTHER_NAMES.get(bare);
    return known == null ? closest(bare) : known;
  }

  private static DataType closest(String name) {
    DataType best = DataType.FP32;
    for (DataType each : DataType.values()) {
      best = distance(name, each.name()) < distance(name, best.name()) ? each : best;
    }
    return best;
  }

  /// Levenshtein's edit distance, one row at a time.
  private static int distance(String left, String right) {
    var row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
