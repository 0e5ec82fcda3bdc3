package dev.faultline.server.investigate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.capture.CapturedFault;
import dev.faultline.fault.Blame;
import dev.faultline.fault.CheckFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import java.util.List;
import java.util.Optional;

/// The suspicion that two versions answer otherwise, read back from its document: with which version to compare is in no other place.
final class ComparedFault {
  private ComparedFault() {}

  /// Empty for any other fault.
  static Optional<Fault> of(CapturedFault kept, FaultCode code) {
    return code == FaultCode.CHECK_MISMATCH ? compared(Trees.of(kept.document())) : Optional.empty();
  }

  private static Optional<Fault> compared(JsonNode document) {
    for (JsonNode each : document.path("evidence")) {
      if (each.path("kind").asText().equals("compared")) {
        var compared = new Evidence.Compared(each.path("version").asText(), each.path("rollout").asText(""), each.path("says_otherwise").asBoolean());
        return Optional.of(fault(document, compared));
      }
    }
    return Optional.empty();
  }

  private static Fault fault(JsonNode document, Evidence.Compared compared) {
    String path = document.path("field").path("path").asText("outputs");
    String tensor = document.path("field").path("tensor").asText("");
    var at = new Field(path, tensor, List.of(), "", "");
    return new CheckFault(FaultCode.CHECK_MISMATCH, at, "otherwise", "as version " + compared.version() + " answers", 1, Blame.MODEL, List.of(), List.of(), List.of(compared), List.of());
  }
}
