package dev.faultline.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Occurrence;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import java.util.Locale;

/// The body of a faulted answer.
///
/// By default `{"error":"<sentence> [flt_...]"}` as `application/json`, with that member and no other and no charset: Triton's Java
/// client fails on any other member, KServe's Python client ignores the message under any other content type. Who accepts
/// `application/problem+json` gets RFC 9457 with the whole fault.
public final class ErrorBody {
  private static final String FAULTS_PATH = "/faultline/v1/faults/";

  private ErrorBody() {}

  /// @param accept the request's `Accept` header, empty when there is none
  public static Payload of(Occurrence occurrence, Passage passage, FaultContext context, DetailLevel level, String accept) {
    return wantsProblem(accept) ? problem(occurrence, passage, context, level) : sentence(occurrence, level);
  }

  public static Payload sentence(Occurrence occurrence, DetailLevel level) {
    return plain(level.sentence(occurrence.fault()) + " [" + occurrence.id() + "]");
  }

  /// An error without a fault, such as `Method Not Allowed`.
  public static Payload plain(String sentence) {
    return JsonBody.of(
        out -> {
          out.writeStartObject();
          out.writeStringField("error", Excerpt.sound(sentence));
          out.writeEndObject();
        });
  }

  public static Payload problem(Occurrence occurrence, Passage passage, FaultContext context, DetailLevel level) {
    Fault fault = occurrence.fault();
    String sentence = level.sentence(fault);
    ObjectNode problem = ProblemJson.node(ProblemJson.type(fault.code()), fault.code().title(), fault.httpStatus(), sentence);
    problem.put("instance", FAULTS_PATH + occurrence.id());
    problem.put("error", sentence);
    problem.set("errors", FaultDocument.errors(fault.breaches(), level));
    problem.set("fault", FaultDocument.of(occurrence, passage, context, level));
    return ProblemJson.payload(problem);
  }

  /// Whether an `Accept` header names `application/problem+json` and does not refuse it with `q=0`. A wildcard does not count:
  /// every client sends one.
  public static boolean wantsProblem(String accept) {
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = range.strip().split(";", -1);
      if (parts[0].strip().equals(ProblemJson.CONTENT_TYPE) && !isRefused(parts)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRefused(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].replace(" ", "").matches("q=0(\\.0{0,3})?")) {
        return true;
      }
    }
    return false;
  }
}
