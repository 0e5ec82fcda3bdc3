package dev.faultline.serving.batch;

import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Inputs that made a batch fail lately, known by a hash of names, types, shapes and elements. They run by themselves until they are
/// forgotten.
final class PoisonRegister {
  static final int ENTRIES_MAX = 1_024;
  static final long MINUTES_KEPT = 10;

  private final LongSupplier clock;
  private final Map<ByteBuffer, Long> since = new LinkedHashMap<>();
  private volatile int size;

  PoisonRegister(LongSupplier nanoClock) {
    this.clock = nanoClock;
  }

  /// Costs nothing as long as nothing is known.
  boolean knows(List<Tensor> inputs) {
    return size > 0 && knows(hash(inputs));
  }

  synchronized void add(List<Tensor> inputs) {
    ByteBuffer hash = hash(inputs);
    since.remove(hash);
    since.put(hash, clock.getAsLong());
    forget();
  }

  int size() {
    return size;
  }

  private synchronized boolean knows(ByteBuffer hash) {
    forget();
    return since.containsKey(hash);
  }

  /// The oldest stand first.
  private void forget() {
    long now = clock.getAsLong();
    Iterator<Long> oldest = since.values().iterator();
    while (oldest.hasNext() && (now - oldest.next() > TimeUnit.MINUTES.toNanos(MINUTES_KEPT) || since.size() > ENTRIES_MAX)) {
      oldest.remove();
    }
    size = since.size();
  }

  private static ByteBuffer hash(List<Tensor> inputs) {
    MessageDigest digest = sha256();
    for (Tensor input : inputs) {
      digest.update((input.name() + "|" + input.type() + input.shape() + "|").getBytes(StandardCharsets.UTF_8));
      switch (input.elements()) {
        case Elements.Fixed fixed -> digest.update(fixed.bytes());
        case Elements.Strings strings -> {
          for (int i = 0; i < strings.count(); i++) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, strings.bytesAt(i).length));
            digest.update(strings.bytesAt(i));
          }
        }
      }
    }
    return ByteBuffer.wrap(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
