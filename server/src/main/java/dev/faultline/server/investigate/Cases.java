package dev.faultline.server.investigate;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CapturedFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.Case;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.ModelRef;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.keep.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Puts together what an investigation needs: the fault from memory, where it is whole the moment its answer is sent, otherwise from the
/// capture store; other requests from the store.
final class Cases {
  static final int SIBLINGS_MAX = 200;
  static final int PASSING_MAX = 400;
  static final int EARLIER_MAX = 20;

  private final Keeper keeper;
  private final FaultGroups groups;
  private final CaptureStore store;
  private final Replayer replayer;
  private final Agreements agreements;

  Cases(Keeper keeper, FaultGroups groups, CaptureStore store, Replayer replayer, Agreements agreements) {
    this.keeper = keeper;
    this.groups = groups;
    this.store = store;
    this.replayer = replayer;
    this.agreements = agreements;
  }

  /// The fault to investigate for a group: its latest that can still be found.
  Optional<String> faultOf(String group) {
    return groups.find(group).map(FaultGroup::faults).orElse(List.of()).stream().filter(this::exists).findFirst();
  }

  boolean exists(String fault) {
    return keeper.find(fault).isPresent() || store.findByFault(fault).isPresent();
  }

  /// The group that a fault was put in; empty when the fault is not known.
  Optional<String> groupOf(String fault) {
    return keeper.find(fault).map(kept -> kept.context().group())
        .or(() -> store.findByFault(fault).flatMap(capture -> fault(capture, fault)).map(CapturedFault::group));
  }

  Optional<Case> of(String fault) {
    return keeper.find(fault).map(this::inMemory).or(() -> store.findByFault(fault).flatMap(capture -> stored(capture, fault)));
  }

  private Case inMemory(Kept kept) {
    ResolvedVersion version = resolved(kept.passage().version(), kept.passage().arrival().model());
    var fault = kept.occurrence().fault();
    String group = kept.context().group();
    return new Case(
        kept.occurrence().id(),
        group,
        fault.code(),
        fault.summary(),
        kept.context().fingerprint(),
        Specimens.of(kept, version),
        List.of(fault),
        List.of(kept.passage()),
        siblings(group, kept.occurrence().id(), version),
        earlier(version, kept.passage().arrival().at()),
        compared(fault).map(compared -> agreements.of(compared.rollout(), version)).orElseGet(() -> passing(version)));
  }

  private static Optional<Evidence.Compared> compared(Fault fault) {
    return fault.evidence().stream().flatMap(each -> each instanceof Evidence.Compared compared ? Stream.of(compared) : Stream.empty()).findFirst();
  }

  private Optional<Case> stored(Capture capture, String id) {
    return fault(capture, id).flatMap(fault -> FaultCode.find(fault.code()).map(code -> {
      ResolvedVersion version = resolved(capture.version(), new ModelRef(capture.version().model(), ""));
      return new Case(
          id,
          fault.group(),
          code,
          summary(fault),
          fault.fingerprint(),
          Specimens.of(capture, version, version, replayer),
          ComparedFault.of(fault, code).stream().toList(),
          List.of(),
          siblings(fault.group(), id, version),
          earlier(version, capture.at()),
          ComparedFault.of(fault, code).flatMap(Cases::compared).map(compared -> agreements.of(compared.rollout(), version)).orElseGet(() -> passing(version)));
    }));
  }

  private static String summary(CapturedFault fault) {
    return Trees.of(fault.document()).path("summary").asText();
  }

  private static Optional<CapturedFault> fault(Capture capture, String id) {
    return capture.faults().stream().filter(each -> each.id().equals(id)).findFirst();
  }

  private List<Specimen> siblings(String group, String fault, ResolvedVersion version) {
    var found = new ArrayList<Specimen>();
    CaptureQuery query = CaptureQuery.all().where(By.GROUP, group).limit(SIBLINGS_MAX).whole();
    for (Capture capture : store.query(query).items()) {
      if (capture.faults().stream().noneMatch(each -> each.id().equals(fault))) {
        found.add(Specimens.of(capture, resolved(capture.version(), new ModelRef(version.model(), "")), version, replayer));
      }
    }
    return found;
  }

  private List<Specimen> earlier(ResolvedVersion version, Instant at) {
    if (version.isNone()) {
      return List.of();
    }
    CaptureQuery query = CaptureQuery.all().where(By.MODEL, version.model()).where(By.VERSION, version.version()).until(at).limit(EARLIER_MAX).whole();
    return store.query(query).items().reversed().stream()
        .filter(capture -> capture.payload().length() > 0)
        .map(Specimens::undecoded)
        .toList();
  }

  private List<Specimen> passing(ResolvedVersion version) {
    if (version.isNone()) {
      return List.of();
    }
    CaptureQuery query = CaptureQuery.all().where(By.KIND, Capture.Kind.BASELINE.name()).where(By.MODEL, version.model()).limit(PASSING_MAX).whole();
    return store.query(query).items().stream().map(capture -> Specimens.of(capture, capture.version(), version, replayer)).toList();
  }

  /// A request that failed before ROUTE would have gone to the version it pins, else to the newest.
  private ResolvedVersion resolved(ResolvedVersion version, ModelRef asked) {
    if (!version.isNone()) {
      return version;
    }
    List<String> versions = replayer.versions(asked.name());
    String likely = asked.isPinned() || versions.isEmpty() ? asked.version() : versions.getLast();
    return new ResolvedVersion(asked.name(), likely, "");
  }
}
