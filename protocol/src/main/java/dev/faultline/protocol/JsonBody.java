package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.faultline.request.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;

/// A JSON payload being written to memory.
final class JsonBody {
  static final String CONTENT_TYPE = "application/json";

  private static final int START_BYTES = 512;

  interface Writing {
    void to(JsonGenerator out) throws IOException;
  }

  private JsonBody() {}

  static Payload of(Writing writing) {
    return Payload.of(bytes(writing), CONTENT_TYPE);
  }

  static byte[] bytes(Writing writing) {
    try (var target = new ByteArrayBuilder(START_BYTES)) {
      try (JsonGenerator out = JsonBounds.FACTORY.createGenerator(target)) {
        writing.to(out);
      }
      return target.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
  }
}
