package dev.faultline.server.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// What became of one kept request. `before` are the faults it is asked about, `after` those of the replay; `differences` are those of the
/// outputs; `lacks` says why nothing can be said. `confirmed` is false where the failure could not be shown again on the version it met, so
/// that only the record speaks for it.
record ReplayResult(
    KeptRequest request, String to, ReplayStatus status, List<Shown> after, Found found, List<Missing> lacks, boolean confirmed) {

  /// Which piece was missing, in a sentence.
  record Missing(Lack lack, String text) {}

  /// How the outputs compare: which were, and what is different.
  record Found(List<OutputScore> outputs, List<OutputDifference> differences) {
    static final Found NOTHING = new Found(List.of(), List.of());

    Found {
      outputs = List.copyOf(outputs);
      differences = List.copyOf(differences);
    }
  }

  /// One output of one request: whether it differs, and by how much at most.
  record OutputScore(String output, boolean differs, double absoluteMax) {}

  ReplayResult {
    after = List.copyOf(after);
    lacks = List.copyOf(lacks);
  }

  static ReplayResult of(KeptRequest request, String to, ReplayStatus status, List<Shown> after) {
    return new ReplayResult(request, to, status, after, Found.NOTHING, List.of(), true);
  }

  static ReplayResult unresolved(KeptRequest request, String to, UnresolvedException why) {
    return new ReplayResult(request, to, ReplayStatus.UNRESOLVED, List.of(), Found.NOTHING, List.of(new Missing(why.lack(), why.text())), true);
  }

  ReplayResult comparing(Found compared) {
    return new ReplayResult(request, to, status, after, compared, lacks, confirmed);
  }

  ReplayResult unconfirmed() {
    return new ReplayResult(request, to, status, after, found, lacks, false);
  }

  ObjectNode document() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("status", status.label());
    node.put("capture", request.capture().isEmpty() ? null : request.capture());
    node.put("request_id", request.arrival().id().value());
    node.put("model", request.version().model()).put("version", request.version().version()).put("to", to);
    shown(node.putArray("before"), request.faults());
    shown(node.putArray("after"), after);
    ArrayNode different = node.putArray("differences");
    found.differences().forEach(each -> different.add(each.document()));
    node.put("confirmed", confirmed);
    node.put("redacted", request.body() == KeptRequest.Body.REDACTED);
    node.put("missing", lacks.stream().findFirst().map(each -> each.lack().label()).orElse(null));
    return node.put("reason", lacks.stream().findFirst().map(Missing::text).orElse(null));
  }

  private static void shown(ArrayNode into, List<Shown> faults) {
    faults.forEach(fault -> into.add(fault.document()));
  }
}
