package dev.faultline.isolation.localize;

import dev.faultline.serving.backend.Backend;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/// Where edited copies of a model run: never in a session of the serving path, and in another process when `backend` is one that starts
/// one. `scratch` is a folder for the copies, each of which is removed as soon as it is loaded. Inner values of at most `valueBytesMax`
/// bytes together are brought out of one run; larger ones are told by their shape.
public record Laboratory(Backend backend, Path scratch, LongSupplier nanoClock, long valueBytesMax) {

  public static final long VALUE_BYTES_MAX = 256L << 20;

  public Laboratory(Backend backend, Path scratch, LongSupplier nanoClock) {
    this(backend, scratch, nanoClock, VALUE_BYTES_MAX);
  }
}
