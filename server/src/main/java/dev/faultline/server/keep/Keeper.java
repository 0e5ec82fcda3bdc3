package dev.faultline.server.keep;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CaptureId;
import dev.faultline.capture.CapturePolicy;
import dev.faultline.capture.CapturePolicy.Decision;
import dev.faultline.capture.CapturePolicy.Extent;
import dev.faultline.capture.CaptureQueue;
import dev.faultline.capture.CapturedCall;
import dev.faultline.capture.CapturedFault;
import dev.faultline.capture.Redaction;
import dev.faultline.fault.Field;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Occurrence;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.isolation.group.FaultGroups.Weight;
import dev.faultline.protocol.DetailLevel;
import dev.faultline.protocol.FaultContext;
import dev.faultline.protocol.FaultContext.Standing;
import dev.faultline.request.Arrival;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Keeps what outcomes leave behind: puts faults in groups, remembers the latest, and hands what the policy keeps to the capture queue.
///
/// On the request's thread it does only what the answer's headers need (group and id); documents are made on background threads.
public final class Keeper implements OutcomeListener, AutoCloseable {

  private final FaultGroups groups;
  private final RecentFaults recent = new RecentFaults();
  private final CapturePolicy policy;
  private final CaptureQueue queue;
  private final Redactions redactions;
  private final NodeFinder nodes;
  private final String environmentJson;
  private final LongSupplier nanoClock;
  private final RandomGenerator random;

  /// `environmentJson` says which build, engine and machine this is.
  public Keeper(
      FaultGroups groups,
      CapturePolicy policy,
      CaptureQueue queue,
      Redactions redactions,
      NodeFinder nodes,
      String environmentJson,
      LongSupplier nanoClock,
      RandomGenerator random) {
    this.groups = groups;
    this.policy = policy;
    this.queue = queue;
    this.redactions = redactions;
    this.nodes = nodes;
    this.environmentJson = environmentJson;
    this.nanoClock = nanoClock;
    this.random = random;
  }

  @Override
  public void onOutcome(Outcome outcome) {
    Optional<Decision> decision = policy.decide(outcome, nanoClock.getAsLong());
    String captureId = decision.isPresent() ? CaptureId.of(outcome.passage().arrival().at(), random) : "";
    List<Kept> kept = keep(outcome, captureId);
    if (kept.stream().noneMatch(each -> NodeFinder.concerns(each.occurrence().fault()))) {
      capture(captureId, decision, outcome, kept);
      return;
    }
    List<Occurrence> occurrences = kept.stream().map(Kept::occurrence).toList();
    nodes.explain(occurrences, outcome.passage(), explained -> capture(captureId, decision, outcome, learnt(kept, explained)));
  }

  /// The latest faults and suspicions, the newest first.
  public List<Kept> recent() {
    return recent.list();
  }

  public Optional<Kept> find(String faultId) {
    return recent.find(faultId);
  }

  /// `listener` hears of every fault and suspicion; it must not wait.
  public void listen(Consumer<Kept> listener) {
    recent.listen(listener);
  }

  public void forget(Consumer<Kept> listener) {
    recent.forget(listener);
  }

  /// Faults that went on without a look for their node, because too many waited.
  public long localizationsPassedOver() {
    return nodes.passedOver();
  }

  @Override
  public void close() {
    nodes.close();
  }

  private List<Kept> keep(Outcome outcome, String captureId) {
    return switch (outcome) {
      case Outcome.Served(var _, List<Occurrence> suspicions, Passage passage) -> {
        var kept = new ArrayList<Kept>(suspicions.size());
        suspicions.forEach(each -> kept.add(keep(each, passage, captureId, Standing.SUSPICION)));
        yield kept;
      }
      case Outcome.Faulted(Occurrence occurrence, Passage passage) -> List.of(keep(occurrence, passage, captureId, Standing.FAULT));
    };
  }

  private Kept keep(Occurrence occurrence, Passage passage, String captureId, Standing standing) {
    Weight weight = standing == Standing.FAULT ? Weight.FAULT : Weight.SUSPICION;
    FaultGroup group = groups.record(occurrence, passage, weight);
    FaultContext context = FaultContext.of(standing).inGroup(group.id(), group.fingerprint()).keptAs(captureId, false);
    var kept = new Kept(occurrence, passage, context);
    recent.put(kept);
    return kept;
  }

  private List<Kept> learnt(List<Kept> kept, List<Occurrence> explained) {
    var more = new ArrayList<Kept>(kept.size());
    for (int i = 0; i < kept.size(); i++) {
      recent.replace(explained.get(i));
      groups.learn(kept.get(i).context().fingerprint(), explained.get(i));
      more.add(kept.get(i).knowing(explained.get(i)));
    }
    return more;
  }

  private void capture(String id, Optional<Decision> decision, Outcome outcome, List<Kept> kept) {
    if (decision.isEmpty()) {
      queue.leaveOut();
      return;
    }
    long bytes = 4_096L + outcome.passage().arrival().payload().length();
    queue.offer(bytes, () -> captured(id, decision.get(), outcome, kept));
  }

  private Capture captured(String id, Decision decision, Outcome outcome, List<Kept> kept) {
    Passage passage = outcome.passage();
    Arrival arrival = passage.arrival();
    boolean whole = decision.extent() == Extent.WHOLE;
    Redaction redaction = redactions.of(passage.version());
    Redaction.Redacted payload = whole ? redactions.payload(passage) : new Redaction.Redacted(Payload.EMPTY, false);
    return new Capture(
        id,
        decision.kind(),
        decision.samplingRate(),
        arrival.at(),
        call(arrival, whole ? redaction.headers(arrival.headers()) : Map.of()),
        passage.version(),
        kept.stream().map(each -> fault(each, payload.changed())).toList(),
        outcome.httpStatus(),
        passage.totalNanos(),
        payload.payload(),
        arrival.payload().length(),
        whole ? new PassageDocument(redaction).of(passage).toString() : "",
        environmentJson,
        payload.changed());
  }

  private static CapturedCall call(Arrival arrival, Map<String, String> headers) {
    return new CapturedCall(
        arrival.id().value(), arrival.traceId(), arrival.protocol().label(), arrival.method(), arrival.path(), headers, arrival.client());
  }

  private static CapturedFault fault(Kept kept, boolean redacted) {
    var fault = kept.occurrence().fault();
    FaultContext context = kept.context().keptAs(kept.context().capture(), redacted);
    var whole = new Kept(kept.occurrence(), kept.passage(), context);
    return new CapturedFault(
        kept.occurrence().id(),
        fault.code().label(),
        fault.stage().name(),
        fault.blame().name(),
        context.fingerprint(),
        context.group(),
        fault.field().map(Field::path).orElse(""),
        fault.node().map(NodeRef::name).orElse(""),
        whole.document(DetailLevel.INTERNAL).toString());
  }
}
