package dev.faultline.server.http;

import dev.faultline.request.Cancellation;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One HTTP request on its way to an endpoint: what was asked, under which id, and since when.
///
/// `variables` are the path's parts that the route leaves open, decoded; `atNanos` is a reading of the monotonic clock.
public record Call(ServerRequest request, Map<String, String> variables, CallIds ids, RequestBody body, long atNanos, Instant at) {
  public Call {
    variables = Map.copyOf(variables);
  }

  /// A part of the path, or the empty text where the route has no such part.
  public String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  /// The value of a header, several joined by comma, or the empty text.
  public String header(HeaderName name) {
    return header(request, name);
  }

  static String header(ServerRequest request, HeaderName name) {
    return request.headers().contains(name) ? String.join(", ", request.headers().get(name).allValues()) : "";
  }

  public String method() {
    return request.prologue().method().text();
  }

  public String path() {
    return request.prologue().uriPath().rawPath();
  }

  public Map<String, List<String>> query() {
    if (request.query().isEmpty()) {
      return Map.of();
    }
    var query = new LinkedHashMap<String, List<String>>();
    request.query().names().forEach(name -> query.put(name, request.query().all(name)));
    return query;
  }

  public String peerHost() {
    return request.remotePeer().host();
  }

  /// Tells whether whoever asks has left.
  public Cancellation cancellation() {
    return request.remotePeer() instanceof Peer peer ? peer : Cancellation.NEVER;
  }

  /// Makes the answer the last one of its connection. HTTP/2 has other requests on it and no such header.
  public void closeAfter(ServerResponse response) {
    if (request.remotePeer() instanceof Caller) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
  }
}
