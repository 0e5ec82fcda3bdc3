package dev.faultline.server.investigate;

import dev.faultline.fault.FaultException;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.protocol.Labels;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Outcome;
import dev.faultline.serving.OccurrenceIds;
import dev.faultline.serving.Pipeline;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelLoader;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.Variation;
import dev.faultline.serving.model.VersionSettings;
import dev.faultline.serving.route.Route;
import dev.faultline.serving.stage.Codec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/// Replays on copies of model versions that it loads for itself from the repository's files, whether they are served or not. At most
/// [#SESSIONS_MAX] copies stay loaded, the one used least makes room; one whose graph no other trial uses is closed at once.
public final class ModelReplayer implements Replayer {
  static final int SESSIONS_MAX = 2;

  private final ModelRepository models;
  private final ModelLoader loader;
  private final Labels labels;
  private final OccurrenceIds ids;
  private final LongSupplier nanoClock;
  private final InstantSource wallClock;
  private final Map<Setup, Copy> open = new LinkedHashMap<>();

  public ModelReplayer(ModelRepository models, ModelLoader loader, Labels labels, OccurrenceIds ids, LongSupplier nanoClock, InstantSource wallClock) {
    this.models = models;
    this.loader = loader;
    this.labels = labels;
    this.ids = ids;
    this.nanoClock = nanoClock;
    this.wallClock = wallClock;
  }

  @Override
  public List<String> versions(String model) {
    return models.candidates(model).stream().map(Found.Candidate::version).toList();
  }

  @Override
  public Outcome replay(Setup setup, Subject subject, Deadline until, Cancellation cancellation) throws ReplayException {
    ModelVersion version = version(setup);
    try {
      return run(version, subject, until, cancellation);
    } finally {
      leave(setup, version);
    }
  }

  @Override
  public List<Outcome> replayTogether(Setup setup, List<Subject> subjects, Deadline until, Cancellation cancellation) throws ReplayException {
    ModelVersion version = version(setup);
    var start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> running = subjects.stream().map(subject -> threads.submit(() -> {
        start.await();
        return run(version, subject, until, cancellation);
      })).toList();
      start.countDown();
      var outcomes = new ArrayList<Outcome>();
      for (Future<Outcome> each : running) {
        outcomes.add(each.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplayException("the replays were interrupted", e);
    } catch (ExecutionException e) {
      throw new ReplayException("a replay beside others broke off: " + e.getCause(), e);
    } finally {
      leave(setup, version);
    }
  }

  @Override
  public List<Outcome> replayInOrder(Setup setup, List<Subject> subjects, Deadline until, Cancellation cancellation) throws ReplayException {
    ModelVersion fresh = load(setup);
    try {
      return subjects.stream().map(subject -> run(fresh, subject, until, cancellation)).toList();
    } finally {
      fresh.release();
    }
  }

  private Outcome run(ModelVersion version, Subject subject, Deadline until, Cancellation cancellation) {
    var pipeline = new Pipeline((_, _) -> held(version), _ -> {}, ids, nanoClock, wallClock);
    return pipeline.run(again(subject.arrival(), until, cancellation), codec(subject, version));
  }

  /// What no other trial uses is closed at once.
  private static void leave(Setup setup, ModelVersion version) {
    if (!setup.isOfUseAgain()) {
      version.release();
    }
  }

  @Override
  public Optional<InferenceRequest> decode(Setup setup, Subject.AsArrived subject) throws ReplayException {
    try {
      return Optional.of(codec(subject, version(setup)).decode(again(subject.arrival(), Deadline.NEVER, Cancellation.NEVER)));
    } catch (FaultException e) {
      return Optional.empty();
    }
  }

  @Override
  public VersionSettings settings(String model, String version) throws ReplayException {
    return version(Setup.of(model, version)).settings();
  }

  @Override
  public Artifact artifact(String model, String version) throws ReplayException {
    return version(Setup.of(model, version)).artifact();
  }

  @Override
  public void close() {
    open.values().forEach(copy -> copy.version.release());
    open.clear();
  }

  private static Route held(ModelVersion version) {
    if (!version.retain()) {
      throw new IllegalStateException(version.id() + " was closed under its replay");
    }
    return new Route(version);
  }

  private ModelVersion version(Setup setup) throws ReplayException {
    Copy known = open.get(setup);
    if (known != null) {
      known.uses++;
      return known.version;
    }
    if (!setup.isOfUseAgain()) {
      return load(setup);
    }
    makeRoom();
    ModelVersion loaded = load(setup);
    open.put(setup, new Copy(loaded));
    return loaded;
  }

  /// The suspect version is run again and again, with others tried in between: it must not be the one that goes. What was used before counts
  /// half each time, so that it does not count for ever.
  private void makeRoom() {
    while (open.size() >= SESSIONS_MAX) {
      Map.Entry<Setup, Copy> least = open.entrySet().stream().min(Comparator.comparingInt(each -> each.getValue().uses)).orElseThrow();
      Copy gone = least.getValue();
      open.remove(least.getKey());
      gone.version.release();
      open.values().forEach(copy -> copy.uses /= 2);
    }
  }

  /// A loaded copy, and how often it was used of late.
  private static final class Copy {
    private final ModelVersion version;
    private int uses = 1;

    Copy(ModelVersion version) {
      this.version = version;
    }
  }

  private ModelVersion load(Setup setup) throws ReplayException {
    try {
      var variation = new Variation(candidate(setup.model(), setup.stepsOf()), setup.steps(), setup.optimization(), setup.without(), setup.graphs());
      return loader.load(candidate(setup.model(), setup.version()), variation);
    } catch (LoadException e) {
      throw new ReplayException("version " + setup.version() + " of '" + setup.model() + "' cannot be loaded for replays: " + e.getMessage(), e);
    }
  }

  private Found.Candidate candidate(String model, String version) throws ReplayException {
    for (Found.Candidate each : models.candidates(model)) {
      if (each.version().equals(version)) {
        return each;
      }
    }
    throw new ReplayException("there is no version " + version + " of '" + model + "' any more to replay on");
  }

  private Codec codec(Subject subject, ModelVersion version) {
    var codec = new ReplayCodec(subject.arrival().protocol(), version.contract(), labels);
    return switch (subject) {
      case Subject.AsArrived _ -> codec;
      case Subject.Edited edited -> codec.handingOn(withoutDeadline(edited.request()));
    };
  }

  private static InferenceRequest withoutDeadline(InferenceRequest request) {
    return new InferenceRequest(request.id(), request.model(), request.parameters(), request.inputs(), request.outputs(), Deadline.NEVER);
  }

  private Arrival again(Arrival from, Deadline until, Cancellation cancellation) {
    return new Arrival(
        from.id(),
        from.protocol(),
        from.method(),
        from.path(),
        from.query(),
        from.headers(),
        "",
        "",
        from.client(),
        from.model(),
        from.payload(),
        nanoClock.getAsLong(),
        wallClock.instant(),
        until,
        cancellation);
  }
}
