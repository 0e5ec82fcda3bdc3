package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Claim;
import dev.faultline.evaluation.truth.Condition;
import dev.faultline.evaluation.truth.Confidence;
import dev.faultline.evaluation.truth.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a ranked list of items amounts to, with the stage and the node that the fault documents name anyway.
final class ClaimFromItem {
  private static final int RANKS = 3;

  private ClaimFromItem() {}

  static Claim of(List<Item> ranked, Evidence evidence) {
    var claims = new ArrayList<Claim>();
    ranked.stream().limit(RANKS).forEach(item -> claims.add(one(item, evidence)));
    return claims.isEmpty() ? Claim.NONE : claims.getFirst().or(claims.subList(1, claims.size()));
  }

  private static Claim one(Item item, Evidence evidence) {
    Claim claim = Claim.of(Confidence.SUSPECTED, cause(item), evidence.usual(Row::stage)).at(evidence.usual(Row::node), "");
    Claim conditioned = claim.when(List.of(new Condition(item.dimension(), "=", item.value())));
    return switch (kind(item)) {
      case "version" -> conditioned.firstBad(item.value());
      case "field", "shape" -> conditioned.fields(Set.of(place(item)));
      default -> conditioned;
    };
  }

  private static Cause cause(Item item) {
    return kind(item).equals("version") ? Cause.MODEL : Cause.INPUT;
  }

  private static String kind(Item item) {
    int colon = item.dimension().indexOf(':');
    return colon < 0 ? item.dimension() : item.dimension().substring(0, colon);
  }

  private static Place place(Item item) {
    String name = item.dimension().substring(item.dimension().indexOf(':') + 1);
    int dot = name.indexOf('.');
    return dot < 0 ? Place.of(name) : new Place(name.substring(0, dot), name.substring(dot + 1));
  }
}
