package dev.faultline.serving;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.Stage;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.serving.backend.Ask;
import dev.faultline.serving.backend.Place;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.route.Route;
import dev.faultline.serving.route.Router;
import dev.faultline.serving.stage.CallerTrace;
import dev.faultline.serving.stage.Checked;
import dev.faultline.serving.stage.Codec;
import dev.faultline.serving.stage.Validated;
import dev.faultline.tensor.Tensor;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The path of one request. Read [#serve] first: the rest of the product furnishes its nine lines.
///
/// Runs on the request's own virtual thread; only INFER hops to a platform thread. Every request ends in exactly one [Outcome],
/// which the listeners hear of before the answer is written.
public final class Pipeline {
  private final Router router;
  private final OutcomeListener listener;
  private final OccurrenceIds ids;
  private final LongSupplier nanoClock;
  private final InstantSource wallClock;
  private final Set<Visit> visits = ConcurrentHashMap.newKeySet();

  public Pipeline(Router router, OutcomeListener listener, OccurrenceIds ids, LongSupplier nanoClock, InstantSource wallClock) {
    this.router = router;
    this.listener = listener;
    this.ids = ids;
    this.nanoClock = nanoClock;
    this.wallClock = wallClock;
  }

  public Outcome run(Arrival arrival, Codec codec) {
    var visit = new Visit(arrival);
    visits.add(visit);
    try {
      var recorder = new PassageRecorder(visit, nanoClock, this::occurrence);
      Outcome outcome = recorder.conclude(() -> serve(arrival, codec, recorder));
      listener.onOutcome(outcome);
      return outcome;
    } finally {
      visits.remove(visit);
    }
  }

  /// Requests on their way now, in no order; at most as many as the edge lets in.
  public List<Visit> visits() {
    return List.copyOf(visits);
  }

  private Payload serve(Arrival arrival, Codec codec, PassageRecorder recorder) {
    InferenceRequest request = recorder.decoded(recorder.stage(Stage.DECODE, () -> codec.decode(arrival)));
    try (Route route = recorder.stage(Stage.ROUTE, () -> router.route(request, arrival))) {
      ModelVersion version = recorder.routed(route);
      Validated valid = recorder.stage(Stage.VALIDATE, () -> version.validator().validate(request));
      var trace = new CallerTrace(valid, version.contract());
      List<Tensor> prepared = recorder.stage(Stage.PREPROCESS, () -> version.preprocess().apply(valid.inputs(), recorder, trace));
      recorder.prepared(prepared);
      var ask = new Ask(prepared, recorder.deadline(), arrival.cancellation(), request.priority(), arrival.id().value());
      try (Place place = recorder.admitted(recorder.stage(Stage.QUEUE, () -> version.admission().admit(ask)))) {
        RunResult result = recorder.stage(Stage.INFER, () -> trace.run(prepared, () -> place.run(version.model(), prepared, arrival.id().value())));
        recorder.inferred(result.outputs());
        List<Tensor> outputs = recorder.stage(Stage.POSTPROCESS, () -> version.postprocess().apply(result.outputs(), recorder, trace));
        recorder.inferred(outputs);
        Checked checked = recorder.stage(Stage.CHECK, () -> version.checker().check(valid, outputs, result.watched()));
        recorder.suspect(checked.suspicions());
        return recorder.stage(Stage.ENCODE, () -> codec.encode(response(request, version.id(), checked), request));
      }
    }
  }

  private static InferenceResponse response(InferenceRequest request, ResolvedVersion version, Checked checked) {
    return new InferenceResponse(request.id(), version, java.util.Map.of(), checked.outputs());
  }

  private Occurrence occurrence(Fault fault) {
    return new Occurrence(ids.next(), fault, wallClock.instant());
  }
}
