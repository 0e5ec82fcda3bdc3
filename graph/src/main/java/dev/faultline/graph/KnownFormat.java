package dev.faultline.graph;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a file that is no ONNX model turned out to be, so that the message can say how to mend it.
///
/// Asked only about bytes that failed to parse as a model: a signature can also occur by chance in a good one.
enum KnownFormat {
  GIT_LFS("a Git LFS pointer, not the file it stands for; run 'git lfs pull'", 0, "version https://git-lfs"),
  ORT("a model in ONNX Runtime's own format; use the .onnx file it was made from", 4, "ORTM"),
  TENSORFLOW_LITE("a TensorFlow Lite model", 4, "TFL3"),
  GGUF("a GGUF model", 0, "GGUF"),
  HDF5("an HDF5 file, such as a Keras model; export it to ONNX", 0, "\u0089HDF"),
  ZIP("a ZIP archive, such as a PyTorch checkpoint; export it to ONNX or unpack it", 0, "PK\u0003\u0004"),
  GZIP("a gzip archive; unpack it", 0, "\u001f\u008b"),
  NUMPY("a NumPy array", 0, "\u0093NUMPY"),
  PDF("a PDF document", 0, "%PDF"),
  PNG("a PNG image", 0, "\u0089PNG"),
  PARQUET("a Parquet file", 0, "PAR1"),
  ELF("a native library or program", 0, "\u007fELF"),
  PICKLE("a Python pickle, such as a scikit-learn model; export it to ONNX", 0, "\u0080") {
    @Override
    boolean matches(byte[] bytes) {
      return super.matches(bytes) && bytes.length > 1 && bytes[1] >= 2 && bytes[1] <= 5;
    }
  },
  SAFETENSORS("a safetensors file: weights without a graph", 8, "{\"") {
    @Override
    boolean matches(byte[] bytes) {
      return super.matches(bytes) && bytes[7] == 0;
    }
  },
  HTML("a web page, often a login or error page saved in place of the model", 0, "<") {
    @Override
    boolean matches(byte[] bytes) {
      String head = head(bytes);
      return head.startsWith("<!doctype html") || head.startsWith("<html") || head.startsWith("<head");
    }
  },
  XML("an XML document", 0, "<") {
    @Override
    boolean matches(byte[] bytes) {
      return head(bytes).startsWith("<");
    }
  },
  JSON("a JSON document", 0, "{") {
    @Override
    boolean matches(byte[] bytes) {
      String head = head(bytes);
      return head.startsWith("{") || head.startsWith("[");
    }
  };

  private static final int HEAD_BYTES_MAX = 512;

  private final String description;
  private final int offset;
  private final String signature;

  KnownFormat(String description, int offset, String signature) {
    this.description = description;
    this.offset = offset;
    this.signature = signature;
  }

  static Optional<KnownFormat> of(byte[] bytes) {
    return Arrays.stream(values()).filter(format -> format.matches(bytes)).findFirst();
  }

  /// Completes "the file is ...".
  String description() {
    return description;
  }

  boolean matches(byte[] bytes) {
    int end = offset + signature.length();
    return bytes.length >= end
        && new String(bytes, offset, signature.length(), StandardCharsets.ISO_8859_1).equals(signature);
  }

  /// The first characters without a byte order mark or leading white space, in lower case.
  private static String head(byte[] bytes) {
    String text = new String(bytes, 0, Math.min(bytes.length, HEAD_BYTES_MAX), StandardCharsets.UTF_8);
    return (text.startsWith("\ufeff") ? text.substring(1) : text).stripLeading().toLowerCase(Locale.ROOT);
  }
}
