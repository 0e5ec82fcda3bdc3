package dev.faultline.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.FaultCode;
import dev.faultline.request.Payload;

/// Errors as RFC 9457 has them, `application/problem+json`: every error of the admin API, and of inference for those who ask for it.
public final class ProblemJson {
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final String FAULTS = "https://faultline.dev/faults/";

  private ProblemJson() {}

  /// A problem without a fault, such as an unknown path of the admin API; `type` is `about:blank`, as the RFC wants where the status
  /// says everything.
  public static Payload of(int status, String title, String detail) {
    return payload(node("about:blank", title, status, detail));
  }

  public static Payload of(String type, int status, String title, String detail) {
    return payload(node(type, title, status, detail));
  }

  /// The `type` of a fault's problem: an address that `faultline help CODE` answers offline.
  public static String type(FaultCode code) {
    return FAULTS + code.label();
  }

  static ObjectNode node(String type, String title, int status, String detail) {
    ObjectNode problem = JsonNodeFactory.instance.objectNode();
    problem.put("type", type);
    problem.put("title", Excerpt.sound(title));
    problem.put("status", status);
    problem.put("detail", Excerpt.sound(detail));
    return problem;
  }

  static Payload payload(ObjectNode problem) {
    return Payload.of(FaultDocument.bytes(problem), CONTENT_TYPE);
  }
}
