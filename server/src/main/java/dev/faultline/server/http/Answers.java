package dev.faultline.server.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;

/// Writes answers. Every one carries the request's id.
public final class Answers {
  private static final String JSON_TYPE = "application/json";
  private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, JSON_TYPE);
  private static final byte[] NO_BYTES = {};

  private Answers() {}

  public static void send(Answer answer, Call call, ServerResponse response) {
    response.status(Status.create(answer.status()));
    response.header(HeaderValues.create(CallIds.X_REQUEST_ID, call.ids().id().value()));
    response.header(contentType(answer.payload().contentType()));
    answer.headers().forEach((name, value) -> response.header(HeaderValues.create(HeaderNames.create(name), value)));
    if (call.request().prologue().method().equals(Method.HEAD)) {
      response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, Integer.toString(answer.payload().length())));
      response.send(NO_BYTES);
    } else {
      response.send(answer.payload().array(), answer.payload().offset(), answer.payload().length());
    }
  }

  private static Header contentType(String type) {
    return type.equals(JSON_TYPE) ? JSON : HeaderValues.create(HeaderNames.CONTENT_TYPE, type);
  }
}
