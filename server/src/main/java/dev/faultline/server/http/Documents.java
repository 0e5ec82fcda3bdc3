package dev.faultline.server.http;

import dev.faultline.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Documents that come with the product, read from beside the class that serves them.
public final class Documents {
  private Documents() {}

  public static Payload json(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the product lacks its document " + name);
      }
      return Payload.of(in.readAllBytes(), "application/json");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the product's document " + name, e);
    }
  }
}
