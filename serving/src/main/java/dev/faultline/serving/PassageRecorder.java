package dev.faultline.serving;

import dev.faultline.fault.DefectFault;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.fault.Thrown;
import dev.faultline.request.Arrival;
import dev.faultline.request.Assignment;
import dev.faultline.request.BatchSeat;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.request.StageRun;
import dev.faultline.request.StepRun;
import dev.faultline.serving.backend.Place;
import dev.faultline.serving.landmark.Landmarks;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.route.Route;
import dev.faultline.serving.step.StepChain;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Keeps what one request leaves behind: runs each stage, times it, and turns whatever it throws into a fault. The only place that
/// catches `Throwable`. Used by one thread.
final class PassageRecorder implements StepChain.Listener {
  private final Arrival arrival;
  private final Visit visit;
  private final LongSupplier clock;
  private final Function<Fault, Occurrence> occurrences;
  private final List<StageRun> stages = new ArrayList<>(Stage.values().length);
  private final List<StepRun> steps = new ArrayList<>(0);
  private List<InferenceRequest> requests = List.of();
  private ResolvedVersion version = ResolvedVersion.NONE;
  private Landmarks landmarks = Landmarks.REQUEST;
  private List<Tensor> engineInputs = List.of();
  private List<Tensor> outputs = List.of();
  private List<Fault> suspicions = List.of();
  private List<Place> places = List.of();
  private Assignment assignment = Assignment.NONE;
  private Deadline deadline;

  PassageRecorder(Visit visit, LongSupplier clock, Function<Fault, Occurrence> occurrences) {
    this.visit = visit;
    this.arrival = visit.arrival();
    this.clock = clock;
    this.occurrences = occurrences;
    this.deadline = arrival.deadline();
  }

  /// Runs the whole path and says how it ended.
  Outcome conclude(Supplier<Payload> path) {
    try {
      Payload payload = path.get();
      return new Outcome.Served(payload, suspicions.stream().map(occurrences).toList(), passage());
    } catch (FaultException e) {
      return faulted(e.fault());
    } catch (Throwable e) {
      // between two stages, or while leaving one: still a request that must end in one outcome
      return faulted(new DefectFault(lastStage(), Thrown.of(e)));
    }
  }

  private Outcome faulted(Fault fault) {
    Occurrence occurrence = occurrences.apply(fault);
    places.forEach(place -> place.faulted(occurrence.id()));
    return new Outcome.Faulted(occurrence, passage());
  }

  /// Runs one stage unless the caller's deadline has passed already.
  <T> T stage(Stage stage, Supplier<T> work) {
    visit.enter(stage);
    long start = clock.getAsLong();
    var ending = StageRun.Ending.FAULTED;
    try {
      if (deadline.remainingNanos(start) <= 0) {
        throw new FaultException(new StoppedFault.DeadlinePassed(stage, deadline.budgetNanos() / 1e6));
      }
      T result = landmarks.pass(stage, work);
      ending = StageRun.Ending.COMPLETED;
      return result;
    } catch (FaultException e) {
      throw e;
    } catch (Throwable e) {
      throw new FaultException(new DefectFault(stage, Thrown.of(e)), e);
    } finally {
      stages.add(new StageRun(stage, start - arrival.atNanos(), clock.getAsLong() - start, ending));
    }
  }

  InferenceRequest decoded(InferenceRequest request) {
    requests = List.of(request);
    deadline = request.deadline().earlier(arrival.deadline());
    return request;
  }

  ModelVersion routed(Route route) {
    version = route.version().id();
    assignment = route.assignment();
    landmarks = route.version().landmarks();
    visit.routed(version);
    return route.version();
  }

  void prepared(List<Tensor> tensors) {
    engineInputs = tensors;
  }

  Place admitted(Place place) {
    places = List.of(place);
    return place;
  }

  void inferred(List<Tensor> tensors) {
    outputs = tensors;
  }

  void suspect(List<Fault> found) {
    suspicions = found;
  }

  Deadline deadline() {
    return deadline;
  }

  @Override
  public void onStep(StepRun run) {
    steps.add(run);
  }

  private Stage lastStage() {
    return stages.isEmpty() ? Stage.DECODE : stages.getLast().stage();
  }

  private BatchSeat seat() {
    return places.isEmpty() ? BatchSeat.NONE : places.getFirst().seat();
  }

  private Passage passage() {
    return new Passage(arrival, version, requests, stages, steps, engineInputs, outputs, seat(), assignment, clock.getAsLong() - arrival.atNanos());
  }
}
