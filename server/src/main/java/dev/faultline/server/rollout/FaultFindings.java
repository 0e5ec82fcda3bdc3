package dev.faultline.server.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.request.Assignment;
import dev.faultline.rollout.Causes;
import dev.faultline.rollout.FaultKind;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.RolloutState;
import dev.faultline.rollout.Rollouts;
import dev.faultline.rollout.judge.StreamStanding;
import dev.faultline.server.investigate.Investigations;
import dev.faultline.server.investigate.Ticket;
import dev.faultline.server.investigate.Verdicts;
import dev.faultline.server.keep.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Which fault groups stand behind the faults of a canary and what investigations say of them: for its report, for the reason of its rollback, and
/// for what does not count, because its cause was verified to be the request.
///
/// As soon as there is reason to doubt a candidate the leading group is looked into, so that the answer is there when the judge has made up its mind.
public final class FaultFindings implements Consumer<Kept> {
  private static final int ROLLOUTS_MAX = 16;
  private static final int KINDS_MAX = 64;
  private static final int GROUPS_MAX = 16;
  private static final int ENTRIES_MAX = 5;
  private static final int ASKED_MAX = 256;
  /// Evidence from which on somebody should know why.
  private static final double DOUBT = 10;
  private static final String TOTAL = "faults";
  private static final String STREAM = "faults:";

  /// A group with faults of one kind, and the first of them that was the candidate's, "" for none.
  private record Suspect(String group, String fault) {
    boolean isCandidates() {
      return !fault.isEmpty();
    }
  }

  private final Rollouts rollouts;
  private final FaultGroups groups;
  private final Verdicts verdicts;
  private final Investigations investigations;
  private final Duration patience;
  private final Map<String, Map<String, Map<String, Suspect>>> seen = new Recent<>(ROLLOUTS_MAX);
  private final Map<String, Ticket> asked = new Recent<>(ASKED_MAX);

  /// `patience` is how long a rollback waits for its cause.
  public FaultFindings(Rollouts rollouts, FaultGroups groups, Verdicts verdicts, Investigations investigations, Duration patience) {
    this.rollouts = rollouts;
    this.groups = groups;
    this.verdicts = verdicts;
    this.investigations = investigations;
    this.patience = patience;
  }

  /// On the thread of a request: notes which group a fault of a canary belongs to.
  @Override
  public void accept(Kept kept) {
    Assignment assignment = kept.passage().assignment();
    if (assignment.isNone()) {
      return;
    }
    String kind = FaultKind.of(kept.occurrence().fault());
    String group = kept.context().group();
    String fault = assignment.arm() == Assignment.Arm.CANDIDATE ? kept.occurrence().id() : "";
    synchronized (seen) {
      Map<String, Map<String, Suspect>> kinds = seen.computeIfAbsent(assignment.rollout(), _ -> new LinkedHashMap<>());
      if (kinds.size() < KINDS_MAX || kinds.containsKey(kind)) {
        note(kinds.computeIfAbsent(kind, _ -> new LinkedHashMap<>()), new Suspect(group, fault));
      }
    }
  }

  private static void note(Map<String, Suspect> known, Suspect suspect) {
    if (known.size() < GROUPS_MAX || known.containsKey(suspect.group())) {
      known.merge(suspect.group(), suspect, (old, now) -> old.isCandidates() ? old : now);
    }
  }

  /// Takes out of the judgement what was verified to be the requests' own fault, and has looked into what speaks against a candidate. Asked from
  /// time to time, not by a request.
  public void look(Instant now) {
    for (Rollout rollout : rollouts.running()) {
      kinds(rollout.id()).forEach((kind, suspects) -> weigh(rollout, kind, suspects));
      if (rollout.standing().state() == RolloutState.CANARY) {
        ask(rollout, now);
      }
    }
  }

  private void weigh(Rollout rollout, String kind, List<Suspect> suspects) {
    List<Suspect> candidates = suspects.stream().filter(Suspect::isCandidates).toList();
    if (!candidates.isEmpty() && candidates.stream().allMatch(suspect -> verdict(rollout, suspect).filter(FaultFindings::isInput).isPresent())) {
      rollout.exclude(kind);
    } else if (candidates.stream().anyMatch(suspect -> verdict(rollout, suspect).filter(found -> !isInput(found)).isPresent())) {
      // another group has come under the same name, and that one is not the requests' fault
      rollout.include(kind);
    }
  }

  private void ask(Rollout rollout, Instant now) {
    List<StreamStanding> streams = rollout.judgement(now).streams();
    if (streams.stream().noneMatch(stream -> stream.name().startsWith(TOTAL) && stream.eValue() >= DOUBT)) {
      return;
    }
    suspicious(streams).stream().limit(1)
        .flatMap(kind -> suspects(rollout, kind).stream())
        .filter(suspect -> suspect.isCandidates() && verdict(rollout, suspect).isEmpty() && ticket(suspect).isEmpty())
        .limit(1)
        .forEach(this::ask);
  }

  private void ask(Suspect suspect) {
    investigations.start(suspect.fault(), "", investigations.settings().replaysMax(), investigations.settings().millisMax()).ifPresent(ticket -> {
      synchronized (asked) {
        asked.put(suspect.fault(), ticket);
      }
    });
  }

  private Optional<Ticket> ticket(Suspect suspect) {
    synchronized (asked) {
      return Optional.ofNullable(asked.get(suspect.fault()));
    }
  }

  /// What is known of the candidate's faults in a group. What is known of the same group in another version says nothing about this one.
  private Optional<JsonNode> verdict(Rollout rollout, Suspect suspect) {
    return verdicts.recent(suspect.fault())
        .or(() -> verdicts.recent(suspect.group()).filter(verdict -> is(verdict.path("model"), "version", rollout.plan().candidate())));
  }

  private static boolean isInput(JsonNode verdict) {
    return is(verdict, "confidence", "VERIFIED") && is(verdict, "cause", "INPUT");
  }

  private static boolean is(JsonNode node, String member, String value) {
    return node.path(member).asText().equals(value);
  }

  /// As [Causes#of].
  Optional<String> cause(Rollout rollout, String kind) {
    List<Suspect> suspects = suspects(rollout, kind).stream().filter(Suspect::isCandidates).toList();
    Optional<String> known = suspects.stream().map(suspect -> verdict(rollout, suspect)).flatMap(Optional::stream).filter(verdict -> !isInput(verdict)).findFirst().map(FaultFindings::sentence);
    boolean isLookedFor = suspects.stream().anyMatch(suspect -> verdict(rollout, suspect).isPresent() || ticket(suspect).filter(ticket -> !ticket.state().isOver()).isPresent());
    return known.isPresent() || isLookedFor ? known : Optional.of(symptom(rollout, kind));
  }

  Duration patience() {
    return patience;
  }

  /// As [Causes#symptom].
  String symptom(Rollout rollout, String kind) {
    return suspects(rollout, kind).stream()
        .filter(Suspect::isCandidates)
        .map(suspect -> groups.find(suspect.group()))
        .flatMap(Optional::stream)
        .findFirst()
        .map(group -> group.node().isEmpty() ? group.summary() : group.summary() + "; node " + group.node())
        .orElse("");
  }

  /// The verdict's own sentence, with the conditions and the node where it does not name them.
  private static String sentence(JsonNode verdict) {
    var sentence = new StringBuilder(verdict.path("summary").asText());
    verdict.path("conditions").forEach(each -> {
      String field = each.path("dimension").asText();
      if (field.startsWith("field:") && !sentence.toString().contains(field.substring("field:".length()))) {
        sentence.append("; when ").append(field.substring("field:".length())).append(' ').append(each.path("operator").asText()).append(' ').append(each.path("value"));
      }
    });
    String node = verdict.path("node").path("name").asText("");
    return sentence.indexOf(node) >= 0 ? sentence.toString() : sentence.append("; node ").append(node).toString();
  }

  /// What is known of the faults that speak against the candidate, the weightiest first.
  public ArrayNode report(Rollout rollout, Instant now) {
    ArrayNode report = JsonNodeFactory.instance.arrayNode();
    for (String kind : suspicious(rollout.judgement(now).streams())) {
      for (Suspect suspect : suspects(rollout, kind)) {
        if (report.size() < ENTRIES_MAX) {
          report.add(entry(rollout, kind, suspect));
        }
      }
    }
    return report;
  }

  /// The groups that a rollout's faults of these kinds are in, in the order in which they came.
  List<String> groups(String rollout, Predicate<String> isOfKind) {
    return kinds(rollout).entrySet().stream().filter(each -> isOfKind.test(each.getKey())).flatMap(each -> each.getValue().stream()).map(Suspect::group).distinct().toList();
  }

  /// What an investigation said of a group; empty while there was none, or where it makes no claim.
  Optional<JsonNode> claim(String group) {
    return verdicts.find(group).filter(verdict -> !is(verdict, "confidence", "ABSTAINED"));
  }

  private static List<String> suspicious(List<StreamStanding> streams) {
    return streams.stream()
        .filter(stream -> stream.eValue() > 1)
        .map(StreamStanding::name)
        .filter(name -> name.startsWith(STREAM))
        .map(name -> name.substring(STREAM.length()))
        .toList();
  }

  private List<Suspect> suspects(Rollout rollout, String kind) {
    return kinds(rollout.id()).getOrDefault(kind, List.of());
  }

  private Map<String, List<Suspect>> kinds(String rollout) {
    synchronized (seen) {
      var copy = new LinkedHashMap<String, List<Suspect>>();
      seen.getOrDefault(rollout, Map.of()).forEach((kind, suspects) -> copy.put(kind, List.copyOf(suspects.values())));
      return copy;
    }
  }

  private ObjectNode entry(Rollout rollout, String kind, Suspect suspect) {
    String group = suspect.group();
    return entry(kind, group, verdict(rollout, suspect).or(() -> verdicts.find(group)));
  }

  ObjectNode entry(String kind, String group) {
    return entry(kind, group, verdicts.find(group));
  }

  private ObjectNode entry(String kind, String group, Optional<JsonNode> verdict) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("faults", kind).put("group", group);
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
