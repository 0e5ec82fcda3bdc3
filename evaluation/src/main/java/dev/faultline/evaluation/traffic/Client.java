package dev.faultline.evaluation.traffic;

import java.util.Map;

/// Who sends requests. The headers of a client hang together, as those of an app and its library do.
public record Client(String id, String userAgent, String appVersion) {

  public Map<String, String> headers() {
    return Map.of("X-Client-Id", id, "User-Agent", userAgent, "X-App-Version", appVersion);
  }
}
