package dev.faultline.server;

import java.util.LinkedHashMap;

/// What a capture was made by, so that a replay elsewhere can tell what differs.
final class Environment {
  private Environment() {}

  static String json(Product product, String engine) {
    var members = new LinkedHashMap<String, Object>();
    members.put("faultline", product.version());
    members.put("revision", product.revision());
    members.put("engine", engine);
    members.put("java", Runtime.version().toString());
    members.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    members.put("arch", System.getProperty("os.arch"));
    members.put("processors", Runtime.getRuntime().availableProcessors());
    return FlatJson.of(members);
  }
}
