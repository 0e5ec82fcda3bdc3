package dev.faultline.serving.model;

import dev.faultline.contract.Contract;
import dev.faultline.fault.Stage;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.serving.backend.Admission;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Lanes;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.batch.Batcher;
import dev.faultline.serving.landmark.Landmarks;
import dev.faultline.serving.stage.Checker;
import dev.faultline.serving.stage.Validator;
import dev.faultline.serving.step.Step;
import dev.faultline.serving.step.StepChain;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// One release of a model, loaded and furnished: what each stage needs of it.
///
/// Counted: whoever uses it retains it first, and the engine's model is closed when it is retired and the last user has left. Closing a
/// session under a running call kills the process.
public final class ModelVersion {
  private final ResolvedVersion id;
  private final Artifact artifact;
  private final VersionSettings settings;
  private final LoadedModel model;
  private final Validator validator;
  private final Checker checker;
  private final Landmarks landmarks;
  private final StepChain preprocess;
  private final StepChain postprocess;
  private final Lanes lanes;
  private final Batcher batcher;
  private final AtomicInteger users = new AtomicInteger(1);

  public ModelVersion(
      Artifact artifact,
      VersionSettings settings,
      LoadedModel model,
      Validator.Factory validators,
      Checker.Factory checkers,
      LongSupplier nanoClock) {
    this.artifact = artifact;
    this.id = new ResolvedVersion(artifact.model(), artifact.version(), artifact.digest());
    this.settings = settings;
    this.model = model;
    this.validator = validators.validator(settings.contract(), settings.redact());
    this.checker = checkers.checker(settings.contract(), settings.redact());
    this.landmarks = Landmarks.of(artifact.model(), artifact.version(), names(settings.preprocess()), names(settings.postprocess()));
    this.preprocess = new StepChain(Stage.PREPROCESS, settings.preprocess(), landmarks, nanoClock);
    this.postprocess = new StepChain(Stage.POSTPROCESS, settings.postprocess(), landmarks, nanoClock);
    this.lanes = new Lanes(id.toString(), settings.limits(), nanoClock);
    this.batcher = new Batcher(id.toString(), settings.limits().batching(), model, lanes, nanoClock);
  }

  public ResolvedVersion id() {
    return id;
  }

  public Artifact artifact() {
    return artifact;
  }

  public VersionSettings settings() {
    return settings;
  }

  public Contract contract() {
    return settings.contract();
  }

  public LoadedModel model() {
    return model;
  }

  public Validator validator() {
    return validator;
  }

  public Checker checker() {
    return checker;
  }

  /// The frames below which its stages and steps work.
  public Landmarks landmarks() {
    return landmarks;
  }

  public StepChain preprocess() {
    return preprocess;
  }

  public StepChain postprocess() {
    return postprocess;
  }

  public Lanes lanes() {
    return lanes;
  }

  /// The door before the lanes.
  public Admission admission() {
    return batcher.standing().isOn() ? batcher : lanes;
  }

  /// What joins requests before the lanes, where that is asked for.
  public Batcher batcher() {
    return batcher;
  }

  /// Makes the version ready to serve; runs the model where batches are asked for, to see whether it is fit for them.
  public void open() {
    batcher.open();
  }

  /// Requests that wait, for a lane or for a batch.
  public int waiting() {
    return lanes.waiting() + batcher.waiting();
  }

  /// Keeps the version open for one user.
  ///
  /// @return false when it is retired already and must not be used
  public boolean retain() {
    int now;
    do {
      now = users.get();
      if (now == 0) {
        return false;
      }
    } while (!users.compareAndSet(now, now + 1));
    return true;
  }

  /// The counterpart of [#retain]; the last one closes the model, on the lane's side of the last run.
  public void release() {
    if (users.decrementAndGet() == 0) {
      batcher.close();
      lanes.whenIdle(model::close);
    }
  }

  private static List<String> names(List<Step> steps) {
    return steps.stream().map(Step::name).toList();
  }

  /// Takes the version out of service: no new users, closed after the last.
  void retire() {
    release();
  }
}
