package dev.faultline.server.admin;

import dev.faultline.server.http.Answer;
import dev.faultline.server.release.ReleaseException;

/// The request cannot be answered as asked; carries the problem from where it was found to the route.
final class Refusal extends RuntimeException {
  private final transient Answer answer;

  Refusal(Answer answer, String detail) {
    super(detail);
    this.answer = answer;
  }

  static Refusal badRequest(String detail) {
    return new Refusal(Answer.problem(400, "Bad Request", detail), detail);
  }

  static Refusal notFound(String detail) {
    return new Refusal(Answer.problem(404, "Not Found", detail), detail);
  }

  static Refusal conflict(String detail) {
    return new Refusal(Answer.problem(409, "Conflict", detail), detail);
  }

  static Refusal of(ReleaseException e) {
    return switch (e.kind()) {
      case INVALID -> badRequest(e.sentence());
      case UNKNOWN -> notFound(e.sentence());
      case CONFLICT -> conflict(e.sentence());
      case NOT_KEPT -> busy(e.sentence());
    };
  }

  static Refusal busy(String detail) {
    return new Refusal(Answer.problem(503, "Service Unavailable", detail), detail);
  }

  Answer answer() {
    return answer;
  }
}
