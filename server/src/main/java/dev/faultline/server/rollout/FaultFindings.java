package dev.faultline.server.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.rollout.FaultKind;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.RolloutState;
import dev.faultline.rollout.Rollouts;
import dev.faultline.rollout.judge.StreamStanding;
import dev.faultline.server.investigate.Investigations;
import dev.faultline.server.investigate.Verdicts;
import dev.faultline.server.keep.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Which fault groups stand behind the faults of a canary, what investigations say of them, and which therefore do not count: those whose
/// cause was verified to be the request.
public final class FaultFindings implements Consumer<Kept> {
  private static final int ROLLOUTS_MAX = 16;
  private static final int KINDS_MAX = 64;
  private static final int GROUPS_MAX = 16;
  private static final int ENTRIES_MAX = 5;
  private static final String STREAM = "faults:";

  private final Rollouts rollouts;
  private final FaultGroups groups;
  private final Verdicts verdicts;
  private final Investigations investigations;
  private final Map<String, Map<String, Set<String>>> seen = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Map<String, Set<String>>> eldest) {
      return size() > ROLLOUTS_MAX;
    }
  };
  private final Set<String> excluded = new HashSet<>();

  public FaultFindings(Rollouts rollouts, FaultGroups groups, Verdicts verdicts, Investigations investigations) {
    this.rollouts = rollouts;
    this.groups = groups;
    this.verdicts = verdicts;
    this.investigations = investigations;
  }

  /// On the thread of a request: notes which group a fault of a canary belongs to.
  @Override
  public void accept(Kept kept) {
    String rollout = kept.passage().assignment().rollout();
    if (rollout.isEmpty()) {
      return;
    }
    String kind = FaultKind.of(kept.occurrence().fault());
    synchronized (seen) {
      Map<String, Set<String>> kinds = seen.computeIfAbsent(rollout, _ -> new LinkedHashMap<>());
      if (kinds.size() < KINDS_MAX || kinds.containsKey(kind)) {
        Set<String> known = kinds.computeIfAbsent(kind, _ -> new LinkedHashSet<>());
        if (known.size() < GROUPS_MAX) {
          known.add(kept.context().group());
        }
      }
    }
  }

  /// Takes out of the judgement what was verified to be the requests' own fault. Asked from time to time, not by a request.
  public void exclude() {
    for (Rollout rollout : rollouts.running()) {
      kinds(rollout.id()).forEach((kind, ids) -> {
        if (!excluded.contains(rollout.id() + kind) && ids.stream().allMatch(this::isInputs)) {
          excluded.add(rollout.id() + kind);
          rollout.exclude(kind);
        }
      });
    }
  }

  private boolean isInputs(String group) {
    return verdicts.recent(group).filter(verdict -> is(verdict, "confidence", "VERIFIED") && is(verdict, "cause", "INPUT")).isPresent();
  }

  private static boolean is(JsonNode verdict, String member, String value) {
    return verdict.path(member).asText().equals(value);
  }

  /// What is known of the faults that speak against the candidate, the weightiest first.
  public ArrayNode report(Rollout rollout, Instant now) {
    ArrayNode report = JsonNodeFactory.instance.arrayNode();
    for (String kind : suspicious(rollout, now)) {
      for (String group : kinds(rollout.id()).getOrDefault(kind, List.of())) {
        if (report.size() < ENTRIES_MAX) {
          report.add(entry(kind, group));
        }
      }
    }
    return report;
  }

  /// Asks for an investigation of what ended a rollout, where nobody has looked yet.
  public void onMove(Rollout rollout) {
    if (rollout.standing().state() == RolloutState.ROLLED_BACK) {
      investigate(rollout, rollout.standing().since());
    }
  }

  private void investigate(Rollout rollout, Instant now) {
    suspicious(rollout, now).stream().limit(1)
        .flatMap(kind -> kinds(rollout.id()).getOrDefault(kind, List.of()).stream())
        .filter(group -> verdicts.recent(group).isEmpty())
        .limit(1)
        .forEach(group -> investigations.start("", group, investigations.settings().replaysMax(), investigations.settings().millisMax()));
  }

  /// The groups that a rollout's faults of these kinds are in, in the order in which they came.
  List<String> groups(String rollout, Predicate<String> isOfKind) {
    return kinds(rollout).entrySet().stream().filter(each -> isOfKind.test(each.getKey())).flatMap(each -> each.getValue().stream()).distinct().toList();
  }

  /// What an investigation said of a group; empty while there was none, or where it makes no claim.
  Optional<JsonNode> claim(String group) {
    return verdicts.find(group).filter(verdict -> !is(verdict, "confidence", "ABSTAINED"));
  }

  private static List<String> suspicious(Rollout rollout, Instant now) {
    return rollout.judgement(now).streams().stream()
        .filter(stream -> stream.eValue() > 1)
        .map(StreamStanding::name)
        .filter(name -> name.startsWith(STREAM))
        .map(name -> name.substring(STREAM.length()))
        .toList();
  }

  private Map<String, List<String>> kinds(String rollout) {
    synchronized (seen) {
      var copy = new LinkedHashMap<String, List<String>>();
      seen.getOrDefault(rollout, Map.of()).forEach((kind, ids) -> copy.put(kind, new ArrayList<>(ids)));
      return copy;
    }
  }

  ObjectNode entry(String kind, String group) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("faults", kind).put("group", group);
    Optional<JsonNode> verdict = verdicts.find(group);
    for (String member : List.of("confidence", "cause", "stage", "conditions", "fields", "step", "node", "initializer", "summary")) {
      entry.set(member, verdict.map(found -> found.path(member)).filter(value -> !value.isMissingNode()).orElse(null));
    }
    if (verdict.isEmpty()) {
      entry.putArray("conditions");
      entry.putArray("fields");
      entry.put("summary", groups.find(group).map(FaultGroup::summary).orElse(kind));
    }
    return entry;
  }
}
