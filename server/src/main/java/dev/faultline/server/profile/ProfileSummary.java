package dev.faultline.server.profile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.profile.Stacks.Stack;
import dev.faultline.server.profile.StageTimes.Times;
import dev.faultline.serving.landmark.Spot;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What a profile says in numbers: whose the samples are, the hottest frames, the places that allocate or wait, and how long stages and
/// steps took by the clock.
final class ProfileSummary {
  private static final int ROWS_MAX = 20;

  private final Wish wish;
  private final Stacks stacks;
  private final Map<ResolvedVersion, Times> times;
  private final long asked;

  ProfileSummary(Wish wish, Stacks stacks, Map<ResolvedVersion, Times> times) {
    this.wish = wish;
    this.stacks = stacks;
    this.times = times;
    this.asked = stacks.total(wish::isOf);
  }

  ObjectNode document(List<String> notes) {
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    summary.put("headline", headline());
    summary.put("samples", stacks.samples()).put("total", stacks.total()).put("asked", asked).put("asked_share", share(asked, stacks.total()));
    summary.set("versions", rows(owners(owner -> Optional.of(new Spot(owner.spot().model(), owner.spot().version(), "", "")))));
    summary.set("stages", rows(owners(owner -> Optional.of(withoutStep(owner.spot())))));
    summary.set("steps", rows(owners(owner -> Optional.of(owner.spot()).filter(spot -> !spot.step().isEmpty()))));
    summary.set("lanes", lanes());
    summary.set("rest", rest());
    summary.set("hottest", hottest());
    summary.set("sites", sites());
    summary.set("times", clockTimes());
    ArrayNode said = summary.putArray("notes");
    notes.forEach(said::add);
    if (stacks.unfolded() > 0) {
      said.add(stacks.unfolded() + " samples are counted without their frames: there were too many different stacks");
    }
    return summary;
  }

  private String headline() {
    Optional<Map.Entry<Spot, Long>> most = owners(owner -> Optional.of(owner.spot())).entrySet().stream().findFirst();
    if (most.isEmpty()) {
      return "no sample is of " + wish.subject() + " (was there traffic?)";
    }
    Spot spot = most.get().getKey();
    String frame = ranked(weights(stack -> stack.owner().spot().equals(spot) && !stack.owner().isRest(), ProfileSummary::topFrame)).keySet().stream().findFirst().map(top -> ", most of it in " + top).orElse("");
    return "%s has %.0f %% of the %s of %s%s".formatted(spot, 100 * share(most.get().getValue(), asked), wish.event().unit(), wish.subject(), frame);
  }

  private static Spot withoutStep(Spot spot) {
    return new Spot(spot.model(), spot.version(), spot.stage(), "");
  }

  /// Asked for, by what a key says of the owner, the heaviest first.
  private Map<Spot, Long> owners(Function<Owner, Optional<Spot>> key) {
    return ranked(weights(stack -> wish.isOf(stack.owner()), stack -> key.apply(stack.owner())));
  }

  private ArrayNode rows(Map<Spot, Long> weights) {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    weights.forEach((spot, weight) -> {
      ObjectNode row = rows.addObject();
      put(row, "model", spot.model());
      put(row, "version", spot.version());
      put(row, "stage", spot.stage());
      put(row, "step", spot.step());
      row.put("value", weight).put("share", share(weight, asked));
    });
    return rows;
  }

  private static void put(ObjectNode row, String name, String value) {
    if (!value.isEmpty()) {
      row.put(name, value);
    }
  }

  private ArrayNode lanes() {
    return named("lane", weights(stack -> wish.isOf(stack.owner()), stack -> Optional.of(stack.owner().lane()).filter(lane -> !lane.isEmpty())), asked);
  }

  /// What is nobody's: of the whole profile, so that it can be weighed against the models.
  private ArrayNode rest() {
    return named("what", weights(stack -> stack.owner().isRest() || (!wish.model().isEmpty() && stack.owner().isUnrouted()), stack -> Optional.of(stack.owner().path().getLast())), stacks.total());
  }

  private static ArrayNode named(String name, Map<String, Long> weights, long whole) {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    ranked(weights).entrySet().stream().limit(ROWS_MAX).forEach(entry ->
        rows.addObject().put(name, entry.getKey()).put("value", entry.getValue()).put("share", share(entry.getValue(), whole)));
    return rows;
  }

  private ArrayNode hottest() {
    Map<String, Long> self = weights(stack -> wish.isOf(stack.owner()), ProfileSummary::topFrame);
    var total = new LinkedHashMap<String, Long>();
    stacks.forEach((stack, weight) -> {
      if (wish.isOf(stack.owner())) {
        new HashSet<>(stack.frames()).forEach(frame -> total.merge(frame.label(), weight, Long::sum));
      }
    });
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    ranked(self).entrySet().stream().limit(ROWS_MAX).forEach(entry -> rows.addObject()
        .put("frame", entry.getKey())
        .put("self", entry.getValue())
        .put("self_share", share(entry.getValue(), asked))
        .put("total", total.getOrDefault(entry.getKey(), entry.getValue())));
    return rows;
  }

  private static Optional<String> topFrame(Stack stack) {
    return stack.frames().reversed().stream().filter(frame -> frame.kind() != Frame.Kind.OBJECT).findFirst().map(Frame::label);
  }

  private record Site(Spot spot, String type, String place) {}

  private ArrayNode sites() {
    Map<Site, Long> weights = weights(
        stack -> wish.isOf(stack.owner()) && !stack.site().isEmpty(), stack -> Optional.of(new Site(stack.owner().spot(), object(stack), stack.site())));
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    ranked(weights).entrySet().stream().limit(ROWS_MAX).forEach(entry -> {
      ObjectNode row = rows.addObject().put("site", entry.getKey().place());
      put(row, "type", entry.getKey().type());
      row.put("where", entry.getKey().spot().toString()).put("value", entry.getValue()).put("share", share(entry.getValue(), asked));
    });
    return rows;
  }

  private static String object(Stack stack) {
    return stack.frames().isEmpty() || stack.frames().getLast().kind() != Frame.Kind.OBJECT ? "" : stack.frames().getLast().label();
  }

  private ArrayNode clockTimes() {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    times.forEach((version, spent) -> {
      if (wish.isOf(Owner.at(new Spot(version.model(), version.version(), "", "")))) {
        ObjectNode row = rows.addObject().put("model", version.model()).put("version", version.version());
        row.put("requests", spent.whole().calls()).put("mean_ms", spent.whole().meanMillis());
        parts(row, spent);
      }
    });
    return rows;
  }

  private static void parts(ObjectNode row, Times spent) {
    ArrayNode stages = row.putArray("stages");
    ArrayNode steps = row.putArray("steps");
    spent.parts().forEach((part, time) -> {
      ObjectNode each = (part.step().isEmpty() ? stages : steps).addObject().put("stage", part.stage());
      if (!part.step().isEmpty()) {
        each.put("step", part.step()).put("kind", part.kind());
      }
      each.put("calls", time.calls()).put("mean_ms", time.meanMillis()).put("share", share(time.nanos(), spent.whole().nanos()));
    });
  }

  private <K> Map<K, Long> weights(java.util.function.Predicate<Stack> wanted, Function<Stack, Optional<K>> key) {
    var weights = new LinkedHashMap<K, Long>();
    stacks.forEach((stack, weight) -> {
      if (wanted.test(stack)) {
        key.apply(stack).ifPresent(found -> weights.merge(found, weight, Long::sum));
      }
    });
    return weights;
  }

  private static <K> Map<K, Long> ranked(Map<K, Long> weights) {
    var ranked = new LinkedHashMap<K, Long>();
    weights.entrySet().stream().sorted(Map.Entry.<K, Long>comparingByValue().reversed()).forEach(entry -> ranked.put(entry.getKey(), entry.getValue()));
    return ranked;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : Math.round(1e4 * part / whole) / 1e4;
  }
}
