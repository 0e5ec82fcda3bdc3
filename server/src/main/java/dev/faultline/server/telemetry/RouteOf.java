package dev.faultline.server.telemetry;

import dev.faultline.request.Arrival;

/// What a path is called without the names in it, so that there are few: `/v2/models/{model_name}/infer`.
final class RouteOf {
  private static final int MODEL_PART = 3;
  private static final int VERSIONS_PART = 4;
  private static final int VERSION_PART = 5;

  private RouteOf() {}

  static String path(Arrival arrival) {
    String[] parts = arrival.path().split("/", -1);
    if (parts.length <= MODEL_PART || !parts[2].equals("models")) {
      return arrival.path();
    }
    // KServe V1 puts the verb behind the name: m:predict
    int verb = parts[1].equals("v1") ? parts[MODEL_PART].lastIndexOf(':') : -1;
    parts[MODEL_PART] = "{model_name}" + (verb < 0 ? "" : parts[MODEL_PART].substring(verb));
    if (parts.length > VERSION_PART && parts[VERSIONS_PART].equals("versions")) {
      parts[VERSION_PART] = "{model_version}";
    }
    return String.join("/", parts);
  }

  /// The full name of a gRPC method.
  static String method(Arrival arrival) {
    return arrival.path().startsWith("/") ? arrival.path().substring(1) : arrival.path();
  }

  static String service(Arrival arrival) {
    String method = method(arrival);
    return method.substring(0, Math.max(0, method.lastIndexOf('/')));
  }
}
