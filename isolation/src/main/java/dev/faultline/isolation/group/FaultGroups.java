package dev.faultline.isolation.group;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Occurrence;
import dev.faultline.request.Passage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// All groups, the least recently seen forgotten beyond [#GROUPS_MAX]. Ids count up and are never given twice.
///
/// One lock: taken once for each fault, for a few map operations.
public final class FaultGroups {
  public static final int GROUPS_MAX = 2_000;
  private static final int VERSIONS_MAX = 32;
  private static final int FAULTS_MAX = 20;
  private static final String ID_PREFIX = "FL-";

  /// Whether a fault changed the answer.
  public enum Weight {
    FAULT,
    SUSPICION
  }

  private final Map<String, FaultGroup> byFingerprint = new LinkedHashMap<>(16, 0.75f, true);
  private final List<Consumer<FaultGroup>> listeners = new CopyOnWriteArrayList<>();
  private long lastNumber;
  private long forgotten;

  /// Puts the fault in its group and returns the group as it is now.
  public FaultGroup record(Occurrence occurrence, Passage passage, Weight weight) {
    String fingerprint = Fingerprint.of(occurrence.fault(), passage).coarse();
    boolean cameBack;
    FaultGroup now;
    synchronized (this) {
      FaultGroup before = byFingerprint.get(fingerprint);
      now = before == null ? first(fingerprint, occurrence, passage, weight) : again(before, occurrence, passage, weight);
      cameBack = before != null && !before.state().equals(now.state());
      byFingerprint.put(fingerprint, now);
      forgetOldest();
    }
    if (cameBack) {
      listeners.forEach(listener -> listener.accept(now));
    }
    return now;
  }

  /// `listener` hears of every group that was resolved and is seen again, once each time; it must not wait.
  public void onRegression(Consumer<FaultGroup> listener) {
    listeners.add(listener);
  }

  /// Says that a group's fault is gone from a version on; from every version when that is empty.
  ///
  /// @return the group as it is now; empty when there is none
  public Optional<FaultGroup> resolve(String id, String version, Instant at) {
    return put(id, new GroupState.Resolved(version, at));
  }

  /// Takes back that it is gone, or has come back.
  public Optional<FaultGroup> reopen(String id) {
    return put(id, GroupState.Open.INSTANCE);
  }

  private synchronized Optional<FaultGroup> put(String id, GroupState state) {
    Optional<FaultGroup> now = find(id).map(group -> group.in(state));
    now.ifPresent(group -> byFingerprint.put(group.fingerprint(), group));
    return now;
  }

  /// Notes what was found out about a group's latest fault after its answer was sent: the field and the node.
  public synchronized void learn(String fingerprint, Occurrence explained) {
    byFingerprint.computeIfPresent(fingerprint, (_, group) -> group.knowing(explained.fault()));
  }

  /// Takes in groups kept by an earlier run of the server.
  public synchronized void restore(List<FaultGroup> groups) {
    groups.stream().sorted(Comparator.comparing(FaultGroup::lastSeen)).forEach(group -> byFingerprint.putIfAbsent(group.fingerprint(), group));
    groups.forEach(group -> lastNumber = Math.max(lastNumber, number(group)));
    forgetOldest();
  }

  public synchronized Optional<FaultGroup> find(String id) {
    return byFingerprint.values().stream().filter(group -> group.id().equals(id)).findFirst();
  }

  /// Latest seen first.
  public synchronized List<FaultGroup> list() {
    return byFingerprint.values().stream().sorted(Comparator.comparing(FaultGroup::lastSeen).reversed()).toList();
  }

  public synchronized int size() {
    return byFingerprint.size();
  }

  /// How many groups had to make room.
  public synchronized long forgotten() {
    return forgotten;
  }

  private void forgetOldest() {
    var oldest = byFingerprint.entrySet().iterator();
    while (byFingerprint.size() > GROUPS_MAX && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
      forgotten++;
    }
  }

  private FaultGroup first(String fingerprint, Occurrence occurrence, Passage passage, Weight weight) {
    lastNumber++;
    Fault fault = occurrence.fault();
    var empty = new FaultGroup(
        ID_PREFIX + lastNumber,
        fingerprint,
        fault.code(),
        fault.blame(),
        passage.model(),
        List.of(),
        "",
        "",
        "",
        "",
        0,
        0,
        occurrence.occurredAt(),
        occurrence.occurredAt(),
        List.of(),
        GroupState.Open.INSTANCE);
    return again(empty, occurrence, passage, weight);
  }

  private static FaultGroup again(FaultGroup before, Occurrence occurrence, Passage passage, Weight weight) {
    Fault fault = occurrence.fault();
    return new FaultGroup(
        before.id(),
        before.fingerprint(),
        fault.code(),
        fault.blame(),
        before.model(),
        with(before.versions(), passage.version().version()),
        fault.summary(),
        fault.field().map(Field::path).orElse(before.field()),
        fault.node().map(NodeRef::name).orElse(before.node()),
        fault.step().orElse(before.step()),
        before.count() + 1,
        before.suspicions() + (weight == Weight.SUSPICION ? 1 : 0),
        before.firstSeen(),
        later(before, occurrence),
        latestFirst(before.faults(), occurrence.id()),
        before.state().after(occurrence, passage.version().version()));
  }

  private static Instant later(FaultGroup before, Occurrence occurrence) {
    return before.lastSeen().isAfter(occurrence.occurredAt()) ? before.lastSeen() : occurrence.occurredAt();
  }

  private static List<String> with(List<String> versions, String version) {
    if (version.isEmpty() || versions.contains(version) || versions.size() == VERSIONS_MAX) {
      return versions;
    }
    var more = new ArrayList<>(versions);
    more.add(version);
    return more;
  }

  private static List<String> latestFirst(List<String> faults, String id) {
    var more = new ArrayList<String>(Math.min(FAULTS_MAX, faults.size() + 1));
    more.add(id);
    more.addAll(faults.subList(0, Math.min(faults.size(), FAULTS_MAX - 1)));
    return more;
  }

  private static long number(FaultGroup group) {
    return Long.parseLong(group.id().substring(ID_PREFIX.length()));
  }
}
