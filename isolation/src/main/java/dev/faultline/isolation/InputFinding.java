package dev.faultline.isolation;

import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Outcome;
import java.util.ArrayList;
import java.util.List;

/// What the request has to do with it.
///
/// `sufficient`: a passing request fails when it is given `fields`; `necessary`: the failing one passes when they are taken out. `total`
/// counts the failing request's elements, `parts` are the fields as the reduction knows them. `requests` holds the smallest failing request, `outcomes` what it ended in, `baselines` the
/// passing request beside it; all empty when nothing was found.
record InputFinding(
    List<BlamedField> fields,
    boolean sufficient,
    boolean necessary,
    int total,
    List<InferenceRequest> requests,
    List<Outcome> outcomes,
    List<Specimen> baselines,
    List<Part> parts) {

  static final InputFinding NONE = new InputFinding(List.of(), false, false, 0, List.of(), List.of(), List.of(), List.of());

  InputFinding {
    fields = List.copyOf(fields);
    requests = List.copyOf(requests);
    outcomes = List.copyOf(outcomes);
    baselines = List.copyOf(baselines);
    parts = List.copyOf(parts);
  }

  /// This and another finding, each of which the other's passing request has already.
  InputFinding joined(InputFinding other) {
    var both = new ArrayList<>(fields);
    both.addAll(other.fields);
    var allParts = new ArrayList<>(parts);
    allParts.addAll(other.parts);
    return new InputFinding(both, sufficient, necessary, total, requests, outcomes, baselines, allParts);
  }

  /// The same finding, which did not hold when it was tried on another passing request.
  InputFinding unconfirmed() {
    return new InputFinding(fields, false, necessary, total, requests, outcomes, baselines, parts);
  }

  boolean flipsBothWays() {
    return sufficient && necessary && !fields.isEmpty();
  }
}
