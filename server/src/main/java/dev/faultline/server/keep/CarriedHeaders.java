package dev.faultline.server.keep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.capture.Redaction;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Passage;
import java.util.Iterator;

/// The headers that MLServer's clients put into a request's parameters, where those that are never kept would be kept with the payload.
final class CarriedHeaders {
  private static final String PARAMETER = "headers";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private CarriedHeaders() {}

  static boolean holdHidden(Passage passage, Redaction redaction) {
    return passage.request().map(InferenceRequest::parameters).map(parameters -> parameters.get(PARAMETER)).stream()
        .anyMatch(headers -> holdHidden(headers.toString(), redaction));
  }

  private static boolean holdHidden(String headers, Redaction redaction) {
    try {
      JsonNode object = MAPPER.readTree(headers);
      for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
        if (redaction.hidesHeader(names.next())) {
          return true;
        }
      }
      return false;
    } catch (JsonProcessingException e) {
      // a text of another form, as gRPC can carry: in doubt it is hidden
      return true;
    }
  }
}
