package dev.faultline.probe;

import dev.faultline.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// One HTTP call. `announcedBytes` is -1, or a content length that is announced while only `body` is sent.
public record Call(String method, String path, Map<String, String> headers, Payload body, long announcedBytes) {
  static final String JSON = "application/json";

  public Call {
    headers = Map.copyOf(headers);
  }

  static Call post(String path, Payload body) {
    return new Call("POST", path, Map.of(), body, -1);
  }

  static Call post(String path, String json) {
    return post(path, Payload.of(json.getBytes(StandardCharsets.UTF_8), JSON));
  }

  Call with(String header, String value) {
    var more = new HashMap<>(headers);
    more.put(header, value);
    return new Call(method, path, more, body, announcedBytes);
  }

  Call by(String otherMethod) {
    return new Call(otherMethod, path, headers, body, announcedBytes);
  }

  Call announcing(long bytes) {
    return new Call(method, path, headers, body, bytes);
  }
}
