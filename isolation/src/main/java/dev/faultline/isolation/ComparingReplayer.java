package dev.faultline.isolation;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Mismatch;
import dev.faultline.compare.OutputComparator;
import dev.faultline.compare.Tolerance;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Occurrence;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Outcome;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.model.VersionSettings;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Replays a request and compares the answer with the one that another version gives to the same request: where they differ, the outcome bears the suspicion
/// `check.mismatch`. So all that is known of faults, experiments on inputs, steps, graphs and constants, serves for answers that are sound by themselves and only not the same.
///
/// The other version is asked once for each request, within the caller's time but not counted as a replay, so that a trial may cost two runs. It is asked twice for the first one:
/// by how much it differs from itself is allowed ten times over.
final class ComparingReplayer implements Replayer {
  /// Answers of the other version that are remembered; trials come back to the same few requests.
  private static final int ANSWERS_MAX = 64;

  private final Replayer replayer;
  private final Evidence.Compared compared;
  private final String suspect;
  private final Map<Subject, List<Tensor>> answers = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Subject, List<Tensor>> eldest) {
      return size() > ANSWERS_MAX;
    }
  };
  private double noise = -1;

  ComparingReplayer(Replayer replayer, Evidence.Compared compared, String suspect) {
    this.replayer = replayer;
    this.compared = compared;
    this.suspect = suspect;
  }

  /// The two that are compared: another one, trained otherwise, differs from both and says nothing.
  @Override
  public List<String> versions(String model) {
    return replayer.versions(model).stream().filter(version -> version.equals(suspect) || version.equals(compared.version())).toList();
  }

  @Override
  public Outcome replay(Setup setup, Subject subject, Deadline until, Cancellation cancellation) throws ReplayException {
    return compared(setup, replayer.replay(setup, subject, until, cancellation), subject, until, cancellation);
  }

  @Override
  public List<Outcome> replayTogether(Setup setup, List<Subject> subjects, Deadline until, Cancellation cancellation) throws ReplayException {
    return compared(setup, replayer.replayTogether(setup, subjects, until, cancellation), subjects, until, cancellation);
  }

  @Override
  public List<Outcome> replayInOrder(Setup setup, List<Subject> subjects, Deadline until, Cancellation cancellation) throws ReplayException {
    return compared(setup, replayer.replayInOrder(setup, subjects, until, cancellation), subjects, until, cancellation);
  }

  private List<Outcome> compared(Setup setup, List<Outcome> outcomes, List<Subject> subjects, Deadline until, Cancellation cancellation) throws ReplayException {
    var all = new ArrayList<Outcome>(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      all.add(compared(setup, outcomes.get(i), subjects.get(i), until, cancellation));
    }
    return all;
  }

  private Outcome compared(Setup setup, Outcome outcome, Subject subject, Deadline until, Cancellation cancellation) throws ReplayException {
    if (!(outcome instanceof Outcome.Served served)) {
      return outcome;
    }
    List<Tensor> expected = expected(setup.model(), subject, until, cancellation);
    if (expected.isEmpty()) {
      return outcome;
    }
    Comparison comparison = comparator().compare(expected, served.passage().outputs());
    return isMismatch(comparison) ? suspicious(served, comparison) : served;
  }

  private boolean isMismatch(Comparison comparison) {
    return compared.saysOtherwise() ? comparison.saysOtherwise() : !comparison.isSame();
  }

  private Outcome suspicious(Outcome.Served served, Comparison comparison) {
    var suspicions = new ArrayList<>(served.suspicions());
    var mismatch = Mismatch.of(comparison, compared.version(), compared.rollout());
    suspicions.add(new Occurrence(Occurrence.ID_PREFIX, mismatch, served.passage().arrival().at()));
    return new Outcome.Served(served.payload(), suspicions, served.passage());
  }

  /// What the other version answers; empty when it does not serve the request.
  private List<Tensor> expected(String model, Subject subject, Deadline until, Cancellation cancellation) throws ReplayException {
    List<Tensor> known = answers.get(subject);
    if (known != null) {
      return known;
    }
    List<Tensor> answer = answer(model, subject, until, cancellation);
    if (noise < 0 && !answer.isEmpty()) {
      noise = new OutputComparator(Tolerance.ROUNDING).compare(answer, answer(model, subject, until, cancellation)).absoluteMax();
    }
    answers.put(subject, answer);
    return answer;
  }

  private List<Tensor> answer(String model, Subject subject, Deadline until, Cancellation cancellation) throws ReplayException {
    return replayer.replay(Setup.of(model, compared.version()), subject, until, cancellation) instanceof Outcome.Served served ? served.passage().outputs() : List.of();
  }

  private OutputComparator comparator() {
    return new OutputComparator(Mismatch.ALLOWED.withNoiseFloor(Math.max(0, noise)));
  }

  @Override
  public Optional<InferenceRequest> decode(Setup setup, Subject.AsArrived subject) throws ReplayException {
    return replayer.decode(setup, subject);
  }

  @Override
  public VersionSettings settings(String model, String version) throws ReplayException {
    return replayer.settings(model, version);
  }

  @Override
  public Artifact artifact(String model, String version) throws ReplayException {
    return replayer.artifact(model, version);
  }

  @Override
  public void close() {
    replayer.close();
  }
}
