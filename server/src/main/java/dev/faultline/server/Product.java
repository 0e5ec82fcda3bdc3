package dev.faultline.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which build this is, written down when it was made.
record Product(String version, String revision) {

  static Product read() {
    var properties = new Properties();
    try (InputStream in = Product.class.getResourceAsStream("product.properties")) {
      if (in == null) {
        throw new IllegalStateException("the product lacks product.properties");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read product.properties", e);
    }
    return new Product(properties.getProperty("version", "unknown"), properties.getProperty("revision", "unknown"));
  }
}
