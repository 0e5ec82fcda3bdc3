package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.isolation.rule.Objection;
import dev.faultline.isolation.rule.RuleWords;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one contract said to kept requests, counted: in all, rule by rule, and by the groups of the faults.
final class TrafficTally {
  private static final int EXAMPLES_MAX = 5;
  private static final int GROUPS_MAX = 200;
  private static final int RULES_MAX = 2_000;

  private record Example(String capture, String group, String sentence) {}

  /// One rule: how many requests of each kind it refuses, and which.
  private static final class RuleTally {
    private final FieldRef field;
    private final String key;
    private final String rule;
    private final boolean hidden;
    private final Map<KeptCall.Kind, Integer> refused = new EnumMap<>(KeptCall.Kind.class);
    private final Map<KeptCall.Kind, List<Example>> examples = new EnumMap<>(KeptCall.Kind.class);
    private final Map<String, Integer> groups = new LinkedHashMap<>();

    RuleTally(FieldRef field, String key, String rule, boolean hidden) {
      this.field = field;
      this.key = key;
      this.rule = rule;
      this.hidden = hidden;
    }

    void add(KeptCall call, Objection objection) {
      refused.merge(call.kind(), 1, Integer::sum);
      List<Example> some = examples.computeIfAbsent(call.kind(), _ -> new ArrayList<>());
      if (some.size() < EXAMPLES_MAX) {
        some.add(new Example(call.capture(), call.group(), objection.sentence()));
      }
      if (call.kind() == KeptCall.Kind.FAILED && (groups.size() < GROUPS_MAX || groups.containsKey(call.group()))) {
        groups.merge(call.group(), 1, Integer::sum);
      }
    }

    ObjectNode document() {
      ObjectNode document = JsonNodeFactory.instance.objectNode().put("field", field.tensor()).put("column", field.isWholeTensor() ? null : field.column()).put("key", key).put("rule", rule)
          .put("good_refused", refused.getOrDefault(KeptCall.Kind.GOOD, 0)).put("failed_caught", refused.getOrDefault(KeptCall.Kind.FAILED, 0)).put("hidden", hidden);
      ArrayNode caught = document.putArray("groups");
      groups.forEach((group, count) -> caught.addObject().put("group", group).put("caught", count));
      ArrayNode shown = document.putArray("examples");
      examples.forEach((kind, some) -> some.forEach(each ->
          shown.addObject().put("capture", each.capture()).put("kind", kind.label()).put("group", each.group().isEmpty() ? null : each.group()).put("sentence", each.sentence())));
      return document;
    }
  }

  private static final class GroupTally {
    private final String code;
    private int requests;
    private int caught;

    GroupTally(String code) {
      this.code = code;
    }
  }

  private final Side side;
  private final Map<String, RuleTally> rules = new LinkedHashMap<>();
  private final Map<String, GroupTally> groups = new LinkedHashMap<>();
  private final Map<KeptCall.Kind, Integer> requests = new EnumMap<>(KeptCall.Kind.class);
  private final Map<KeptCall.Kind, Integer> refused = new EnumMap<>(KeptCall.Kind.class);
  private double standFor;
  private int redacted;
  private int unreadable;

  TrafficTally(Side side) {
    this.side = side;
    for (Rule rule : side.contract().rules()) {
      if (!(rule instanceof Rule.Nullable)) {
        var tally = new RuleTally(rule.field(), RuleWords.key(rule), RuleWords.of(rule), side.isHidden(rule));
        rules.put(rule.field() + "/" + RuleWords.key(rule), tally);
      }
    }
  }

  /// A request whose body is not kept.
  void addUnreadable() {
    unreadable++;
  }

  void add(KeptCall call) {
    List<Objection> objections = side.objections(call);
    boolean refuses = !objections.isEmpty();
    requests.merge(call.kind(), 1, Integer::sum);
    refused.merge(call.kind(), refuses ? 1 : 0, Integer::sum);
    standFor += call.kind() == KeptCall.Kind.GOOD ? call.standsFor() : 0;
    redacted += call.redacted() ? 1 : 0;
    for (Objection each : objections) {
      if (rules.size() < RULES_MAX || rules.containsKey(each.name())) {
        rules.computeIfAbsent(each.name(), _ -> new RuleTally(each.field(), each.key(), each.rule(), false)).add(call, each);
      }
    }
    if (call.kind() == KeptCall.Kind.FAILED && (groups.size() < GROUPS_MAX || groups.containsKey(call.group()))) {
      GroupTally group = groups.computeIfAbsent(call.group(), _ -> new GroupTally(call.code()));
      group.requests++;
      group.caught += refuses ? 1 : 0;
    }
  }

  int requests(KeptCall.Kind kind) {
    return requests.getOrDefault(kind, 0);
  }

  int refused(KeptCall.Kind kind) {
    return refused.getOrDefault(kind, 0);
  }

  /// How many requests one rule refuses.
  int refusedBy(String name) {
    RuleTally tally = rules.get(name);
    return tally == null ? 0 : tally.refused.values().stream().mapToInt(Integer::intValue).sum();
  }

  ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.putObject("good").put("requests", requests(KeptCall.Kind.GOOD)).put("refused", refused(KeptCall.Kind.GOOD)).put("stand_for", Math.round(standFor));
    document.putObject("failed").put("requests", requests(KeptCall.Kind.FAILED)).put("caught", refused(KeptCall.Kind.FAILED));
    document.putObject("refused").put("requests", requests(KeptCall.Kind.REFUSED)).put("accepted", requests(KeptCall.Kind.REFUSED) - refused(KeptCall.Kind.REFUSED));
    document.put("redacted", redacted).put("unreadable", unreadable);
    ArrayNode each = document.putArray("rules");
    rules.values().forEach(rule -> each.add(rule.document()));
    ArrayNode faults = document.putArray("groups");
    groups.forEach((group, tally) -> faults.addObject().put("group", group).put("code", tally.code).put("requests", tally.requests).put("caught", tally.caught));
    return document;
  }
}
