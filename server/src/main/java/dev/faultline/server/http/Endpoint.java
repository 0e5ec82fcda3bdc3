package dev.faultline.server.http;

import io.helidon.webserver.http.ServerResponse;

/// Answers the requests of one route.
@FunctionalInterface
public interface Endpoint {
  void handle(Call call, ServerResponse response);

  /// An endpoint whose answers are whole.
  @FunctionalInterface
  interface Answering {
    Answer answer(Call call);
  }

  static Endpoint answering(Answering answering) {
    return (call, response) -> Answers.send(answering.answer(call), call, response);
  }
}
