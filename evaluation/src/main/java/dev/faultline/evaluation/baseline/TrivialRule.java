package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.truth.Claim;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What somebody on call thinks first: a field that is missing or not a number, else the newest version; and the stage that threw.
final class TrivialRule implements Baseline {
  @Override
  public String name() {
    return "trivial rule";
  }

  @Override
  public Claim claim(Evidence evidence) {
    List<Item> odd = new Items(evidence).all().stream()
        .filter(item -> item.dimension().startsWith("field:") && (item.value().equals("NaN") || item.value().equals("null")))
        .sorted(Comparator.comparing(Item::toString))
        .toList();
    boolean seen = evidence.failing().stream().anyMatch(row -> row.inputs().stream().flatMap(TrivialRule::values).anyMatch(TrivialRule::isOdd));
    Item newest = new Item("version", evidence.versions().getLast());
    return ClaimFromItem.of(Stream.concat(seen ? odd.stream() : Stream.of(), Stream.of(newest)).toList(), evidence);
  }

  private static Stream<Object> values(Input input) {
    return input.values().stream();
  }

  private static boolean isOdd(Object value) {
    return value.equals("null") || (value instanceof Double number && number.isNaN());
  }
}
