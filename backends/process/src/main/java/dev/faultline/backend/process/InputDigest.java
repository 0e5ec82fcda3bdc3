package dev.faultline.backend.process;

import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// What makes two inputs of a model the same: names, types, shapes and bytes of the tensors, whatever their order.
final class InputDigest {
  private static final int SAMPLES = 64;

  private InputDigest() {}

  /// `sha256:<hex>`; reads every byte.
  static String of(List<Tensor> inputs) {
    MessageDigest digest = sha256();
    for (Tensor tensor : sorted(inputs)) {
      header(tensor, digest);
      elements(tensor.elements(), digest);
    }
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  /// A glance, equal for equal inputs: what has another sketch has another digest. Reads a few bytes of each tensor, however large.
  static int sketch(List<Tensor> inputs) {
    int sketch = 0;
    for (Tensor tensor : inputs) {
      int own = 31 * (31 * tensor.name().hashCode() + tensor.type().name().hashCode()) + tensor.shape().hashCode();
      sketch += 31 * own + samples(tensor.elements());
    }
    return sketch;
  }

  private static List<Tensor> sorted(List<Tensor> inputs) {
    return inputs.stream().sorted(Comparator.comparing(Tensor::name)).toList();
  }

  private static void header(Tensor tensor, MessageDigest digest) {
    text(tensor.name(), digest);
    text(tensor.type().name(), digest);
    text(tensor.shape().toString(), digest);
  }

  private static void text(String text, MessageDigest digest) {
    bytes(text.getBytes(StandardCharsets.UTF_8), digest);
  }

  /// With their length before them, so that `ab`, `c` and `a`, `bc` differ.
  private static void bytes(byte[] bytes, MessageDigest digest) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }

  private static void elements(Elements elements, MessageDigest digest) {
    switch (elements) {
      case Elements.Fixed fixed -> digest.update(fixed.bytes());
      case Elements.Strings texts -> {
        for (int i = 0; i < texts.count(); i++) {
          bytes(texts.bytesAt(i), digest);
        }
      }
    }
  }

  private static int samples(Elements elements) {
    int step = Math.max(1, elements.count() / SAMPLES);
    int hash = 1;
    for (int i = 0; i < elements.count(); i += step) {
      hash = 31 * hash + sample(elements, i);
    }
    return hash;
  }

  private static int sample(Elements elements, int index) {
    return switch (elements) {
      case Elements.Fixed fixed -> Long.hashCode(Double.doubleToRawLongBits(fixed.doubleAt(index)));
      case Elements.Strings texts -> Arrays.hashCode(Arrays.copyOf(texts.bytesAt(index), Math.min(SAMPLES, texts.bytesAt(index).length)));
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
