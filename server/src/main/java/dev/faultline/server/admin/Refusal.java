package dev.faultline.server.admin;

import dev.faultline.server.http.Answer;

/// The request cannot be answered as asked; carries the problem from where it was found to the route.
final class Refusal extends RuntimeException {
  private final transient Answer answer;

  Refusal(Answer answer) {
    this.answer = answer;
  }

  static Refusal badRequest(String detail) {
    return new Refusal(Answer.problem(400, "Bad Request", detail));
  }

  static Refusal notFound(String detail) {
    return new Refusal(Answer.problem(404, "Not Found", detail));
  }

  static Refusal conflict(String detail) {
    return new Refusal(Answer.problem(409, "Conflict", detail));
  }

  static Refusal busy(String detail) {
    return new Refusal(Answer.problem(503, "Service Unavailable", detail));
  }

  Answer answer() {
    return answer;
  }
}
