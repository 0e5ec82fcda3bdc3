package dev.faultline.server.http;

import dev.faultline.protocol.ErrorBody;
import dev.faultline.protocol.ProblemJson;
import dev.faultline.request.Payload;
import java.util.LinkedHashMap;
import java.util.Map;

/// A whole answer: status, body, and headers besides the content type and `X-Request-Id`.
public record Answer(int status, Payload payload, Map<String, String> headers) {
  public Answer {
    headers = Map.copyOf(headers);
  }

  public static Answer of(int status, Payload payload) {
    return new Answer(status, payload, Map.of());
  }

  public static Answer ok(Payload payload) {
    return of(200, payload);
  }

  /// An error as inference clients read it: `{"error":"..."}`.
  public static Answer error(int status, String sentence) {
    return of(status, ErrorBody.plain(sentence));
  }

  /// An error as the admin API says it.
  public static Answer problem(int status, String title, String detail) {
    return of(status, ProblemJson.of(status, title, detail));
  }

  /// The same answer with another body.
  public Answer instead(Payload other) {
    return new Answer(status, other, headers);
  }

  public Answer with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, payload, more);
  }
}
