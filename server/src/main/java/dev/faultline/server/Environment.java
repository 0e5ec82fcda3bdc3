package dev.faultline.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/// What a capture was made by, so that a replay elsewhere can tell what differs.
final class Environment {
  private Environment() {}

  static String json(Product product, String engine) {
    return JsonNodeFactory.instance.objectNode()
        .put("faultline", product.version())
        .put("revision", product.revision())
        .put("engine", engine)
        .put("java", Runtime.version().toString())
        .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
        .put("arch", System.getProperty("os.arch"))
        .put("processors", Runtime.getRuntime().availableProcessors())
        .toString();
  }
}
