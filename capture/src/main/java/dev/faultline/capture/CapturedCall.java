package dev.faultline.capture;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What the edge knew of the call. `path` has its query; `headers` are allow-listed and redacted; `protocol` is the label of
/// [dev.faultline.request.Protocol], kept as text because a capture outlives the version that wrote it.
public record CapturedCall(
    String requestId, String traceId, String protocol, String method, String path, Map<String, String> headers, String client) {

  public CapturedCall {
    headers = Collections.unmodifiableMap(new TreeMap<>(headers));
  }
}
