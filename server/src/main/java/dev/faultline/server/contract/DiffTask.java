package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.isolation.rule.ContractChanges;
import dev.faultline.isolation.rule.Objection;
import dev.faultline.server.contract.ContractDesk.Scope;
import dev.faultline.server.contract.Traffic.Listing;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How two contracts differ, rule by rule and request by request. The requests are those of all versions: what one version was sent, the other
/// is to be sent next.
final class DiffTask implements ContractTask {
  private static final int EXAMPLES_MAX = 20;

  private final Traffic traffic;
  private final Scope scope;
  private final Side before;
  private final Side after;

  /// What the two say of one request.
  private enum Decision {
    BOTH_ACCEPT,
    BOTH_REFUSE,
    NEWLY_REFUSED,
    NEWLY_ACCEPTED
  }

  DiffTask(Traffic traffic, Scope scope, Side before, Side after) {
    this.traffic = traffic;
    this.scope = scope;
    this.before = before;
    this.after = after;
  }

  @Override
  public ObjectNode run(Work work) throws InterruptedException {
    Listing listing = traffic.list(scope.model(), "", scope.limit());
    work.expect(listing.count());
    Map<Decision, Map<KeptCall.Kind, Integer>> counts = new EnumMap<>(Decision.class);
    List<ObjectNode> examples = new ArrayList<>();
    traffic.visitAll(listing, call -> {
      work.step();
      call.ifPresent(some -> decide(some, counts, examples));
    });
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("before", before.title()).put("after", after.title());
    document.set("changes", ChangesDocument.of(ContractChanges.between(before.contract(), after.contract())));
    ObjectNode decisions = document.putObject("decisions");
    for (Decision decision : Decision.values()) {
      ObjectNode one = decisions.putObject(decision.name().toLowerCase(java.util.Locale.ROOT));
      for (KeptCall.Kind kind : KeptCall.Kind.values()) {
        one.put(kind.label(), counts.getOrDefault(decision, Map.of()).getOrDefault(kind, 0));
      }
    }
    ArrayNode shown = document.putArray("examples");
    examples.forEach(shown::add);
    return document;
  }

  private void decide(KeptCall call, Map<Decision, Map<KeptCall.Kind, Integer>> counts, List<ObjectNode> examples) {
    List<Objection> old = before.objections(call);
    List<Objection> now = after.objections(call);
    Decision decision = decision(!old.isEmpty(), !now.isEmpty());
    counts.computeIfAbsent(decision, _ -> new EnumMap<>(KeptCall.Kind.class)).merge(call.kind(), 1, Integer::sum);
    if (old.isEmpty() != now.isEmpty() && examples.size() < EXAMPLES_MAX) {
      String sentence = (now.isEmpty() ? old : now).getFirst().sentence();
      examples.add(JsonNodeFactory.instance.objectNode().put("capture", call.capture()).put("kind", call.kind().label()).put("decision", decision.name().toLowerCase(java.util.Locale.ROOT)).put("sentence", sentence));
    }
  }

  private static Decision decision(boolean refusedBefore, boolean refusedAfter) {
    if (refusedBefore) {
      return refusedAfter ? Decision.BOTH_REFUSE : Decision.NEWLY_ACCEPTED;
    }
    return refusedAfter ? Decision.NEWLY_REFUSED : Decision.BOTH_ACCEPT;
  }
}
