package dev.faultline.server.keep;

import dev.faultline.fault.CheckFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.Occurrence;
import dev.faultline.graph.GraphException;
import dev.faultline.isolation.localize.NonfiniteLocalizer;
import dev.faultline.isolation.localize.Origin;
import dev.faultline.request.Passage;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.ContainingBackend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.current.CurrentRequest;
import dev.faultline.serving.current.CurrentRequest.Tag;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.tensor.TensorSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Names the graph node in which a non-finite value first appeared, in the background and never on the serving path's session.
///
/// Bounded: [#WAITING_MAX] faults may wait, [#SESSIONS_MAX] instrumented copies stay open, models larger than [#MODEL_BYTES_MAX] are
/// left alone. A fault that finds no place goes on without a node; nothing is guessed.
public final class NodeFinder implements AutoCloseable {
  static final int WAITING_MAX = 1_024;
  static final int SESSIONS_MAX = 2;
  static final long MODEL_BYTES_MAX = 256L << 20;
  private static final long CLOSE_SECONDS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(NodeFinder.class);

  /// Operators whose output element depends on the input elements at the same place only.
  private static final Set<String> ELEMENTWISE =
      Set.of("Log", "Sqrt", "Exp", "Reciprocal", "Acos", "Asin", "Acosh", "Atanh", "Div", "Pow", "Mul", "Add", "Sub", "Tan", "Sinh", "Cosh");

  private final ModelRepository models;
  private final Redactions redactions;
  private final ContainingBackend backend;
  private final Path scratch;
  private final LongSupplier nanoClock;
  private final AtomicLong passedOver = new AtomicLong();
  private final ThreadPoolExecutor thread;
  /// Used by the one thread only. An empty value is a model that cannot be instrumented.
  private final Map<ResolvedVersion, Optional<NonfiniteLocalizer>> open = new LinkedHashMap<>(4, 0.75f, true);

  /// A copy of a version that runs in a process of its own gets one too: what kills the one kills the other. `scratch` is a folder for instrumented copies, which are removed as soon as they are loaded.
  public NodeFinder(ModelRepository models, Redactions redactions, ContainingBackend backend, Path scratch, LongSupplier nanoClock) {
    this.models = models;
    this.redactions = redactions;
    this.backend = backend;
    this.scratch = scratch;
    this.nanoClock = nanoClock;
    this.thread = new ThreadPoolExecutor(
        1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX),
        Thread.ofPlatform().daemon().name("faultline-localize").factory());
  }

  static boolean concerns(Fault fault) {
    return fault.code() == FaultCode.CHECK_NONFINITE;
  }

  /// Looks for the node, then hands on the same occurrences, those it could explain knowing more.
  void explain(List<Occurrence> occurrences, Passage passage, Consumer<List<Occurrence>> then) {
    try {
      thread.execute(() -> CurrentRequest.during(Tag.of(passage.arrival()), () -> then.accept(explained(occurrences, passage))));
    } catch (RejectedExecutionException e) {
      passedOver.incrementAndGet();
      then.accept(occurrences);
    }
  }

  long passedOver() {
    return passedOver.get();
  }

  @Override
  public void close() {
    thread.execute(() -> open.values().forEach(localizer -> localizer.ifPresent(NonfiniteLocalizer::close)));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{} faults were not localized before the server stopped", thread.getQueue().size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Occurrence> explained(List<Occurrence> occurrences, Passage passage) {
    Optional<Origin> origin = localizer(passage.version()).flatMap(localizer -> localize(localizer, passage));
    boolean shown = redactions.showsAllInputs(passage.version());
    return origin
        .map(found -> occurrences.stream().map(each -> explained(each, found, operand(found, passage), shown)).toList())
        .orElse(occurrences);
  }

  private static Optional<Origin> localize(NonfiniteLocalizer localizer, Passage passage) {
    try {
      return localizer.localize(passage.engineInputs());
    } catch (FaultException e) {
      LOG.warn("request {}: the instrumented copy failed where the model did not", passage.arrival().id(), e);
      return Optional.empty();
    }
  }

  private Optional<NonfiniteLocalizer> localizer(ResolvedVersion version) {
    Optional<NonfiniteLocalizer> known = open.computeIfAbsent(version, this::instrument);
    var oldest = open.entrySet().iterator();
    while (open.size() > SESSIONS_MAX && oldest.hasNext()) {
      oldest.next().getValue().ifPresent(NonfiniteLocalizer::close);
      oldest.remove();
    }
    return known;
  }

  private Optional<NonfiniteLocalizer> instrument(ResolvedVersion version) {
    return models.find(version.model(), version.version()).flatMap(state -> switch (state) {
      case ModelState.Ready(var loaded, long _) -> instrument(loaded.artifact(), backend.besides(loaded.model()));
      case ModelState.Loading _, ModelState.Failed _, ModelState.Unloaded _ -> Optional.empty();
    });
  }

  private Optional<NonfiniteLocalizer> instrument(Artifact artifact, Backend where) {
    try {
      return Files.size(artifact.file()) > MODEL_BYTES_MAX
          ? Optional.empty()
          : Optional.of(NonfiniteLocalizer.open(artifact, where, scratch, nanoClock));
    } catch (LoadException | GraphException | UncheckedIOException e) {
      LOG.warn("{} cannot be instrumented: its faults will name no inner node", artifact.file(), e);
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The request's own value that the node made a non-finite one of, where the node works element by element and reads the request's
  /// tensor as it came.
  private static List<Field> operand(Origin origin, Passage passage) {
    if (!ELEMENTWISE.contains(origin.node().op()) || !origin.missingInputs().isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<Field>();
    for (TensorSummary read : origin.inputs()) {
      boolean aligned = read.count() == origin.output().count();
      passage.request().filter(_ -> aligned).flatMap(request -> request.findInput(read.name())).ifPresent(input ->
          found.add(input.field(origin.output().firstNonfinite(), List.of())));
    }
    return found;
  }

  private static Occurrence explained(Occurrence occurrence, Origin origin, List<Field> operands, boolean shown) {
    return occurrence.fault() instanceof CheckFault fault && concerns(fault)
        ? new Occurrence(occurrence.id(), explained(fault, origin, operands, shown), occurrence.occurredAt())
        : occurrence;
  }

  private static CheckFault explained(CheckFault fault, Origin origin, List<Field> operands, boolean shown) {
    var evidence = new ArrayList<>(fault.evidence());
    List<Field> inputs = fault.inputs().isEmpty() ? operands : fault.inputs();
    if (shown) {
      origin.inputs().forEach(input -> evidence.add(new Evidence.Summary("input of node " + origin.node().name(), input)));
      evidence.add(new Evidence.Summary("output of node " + origin.node().name(), origin.output()));
    }
    return new CheckFault(
        fault.code(), fault.at(), fault.got(), fault.want(), fault.count(), fault.blame(), List.of(origin.node()), inputs, evidence, fault.mend());
  }
}
