package dev.faultline.evaluation.fault;

import dev.faultline.evaluation.fault.Recipe.Suite;
import dev.faultline.evaluation.model.Accounts;
import dev.faultline.evaluation.model.Embeddings;
import dev.faultline.evaluation.model.Logistic;
import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Place;
import dev.faultline.evaluation.truth.Truth;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

/// Two faults at once in one model: each is to be told from the other.
final class Composites {
  private Composites() {}

  static List<Recipe> all() {
    return List.of(
        pair("overflow-and-divide-by-zero", Composites::overflowAndDivideByZero),
        pair("two-unseen-categories", Composites::twoUnseenCategories),
        pair("swapped-scaler-and-nan", Composites::swappedScalerAndNan),
        pair("cut-table-and-unseen-category", Composites::cutTableAndUnseenCategory));
  }

  private static Recipe pair(String id, LongFunction<Case> make) {
    return new Recipe(id, Kind.INTERACTION, Suite.COMPOSITE, make);
  }

  private static Case overflowAndDivideByZero(long seed) {
    var family = new Accounts(seed);
    return Case.composite("overflow-and-divide-by-zero", family, Versions.sound(family, 2), List.of(InputFaults.int32Overflow(), InputFaults.divideByZero()));
  }

  private static Case twoUnseenCategories(long seed) {
    var family = new Embeddings(seed);
    int first = (int) (seed & 3);
    Planted one = InputFaults.unseenCategory(7, first);
    Planted other = InputFaults.unseenCategory(7, first + 2);
    return Case.composite("two-unseen-categories", family, Versions.sound(family, 2), List.of(named(one, "a"), named(other, "b")));
  }

  /// Two spoilers of one kind: which one it was shows in its own field.
  private static Planted named(Planted planted, String suffix) {
    Place place = planted.truth().fields().iterator().next();
    double rows = planted.truth().boundary().value();
    return new Planted(planted.id() + "-" + suffix, planted.number(), planted.kind(), planted.truth(), planted.exposure(), Set.of(), planted.spoiler(),
        request -> request.input(place.tensor()).number(0) >= rows);
  }

  private static Case swappedScalerAndNan(long seed) {
    var family = new Logistic(seed);
    Case swapped = VersionFaults.scalerSwapped(seed);
    Planted nan = InputFaults.nanFromOneClient(1, (int) (seed & 15));
    Planted only = nan.covering(Request::spoiled);
    return Case.composite("swapped-scaler-and-nan", family, swapped.releases(), List.of(only, swapped.planted().getFirst()));
  }

  private static Case cutTableAndUnseenCategory(long seed) {
    var family = new Embeddings(seed);
    int cut = (int) (seed & 3);
    int unseen = cut + 2;
    int rows = Embeddings.rows(cut) * 4 / 5;
    String name = Embeddings.CATEGORIES.get(cut);
    Versions versions = Versions.draw(seed);
    Set<String> bad = versions.bad();
    Truth truth = Truth.of(Cause.INTERACTION, Cause.MODEL, Cause.INPUT).stages("INFER").firstBad(versions.first()).fields(Place.of(name))
        .nodes(Embeddings.node(cut, "gather")).initializers(Embeddings.table(cut));
    Planted table = Planted.both(33, "table-cut", truth, bad, (request, random) -> request.with(Input.ofLong(name, rows + random.nextInt(Embeddings.rows(cut) - rows))))
        .covering(request -> bad.contains(request.version()) && request.input(name).number(0) >= rows);
    Planted category = named(InputFaults.unseenCategory(7, unseen), "b");
    return Case.composite("cut-table-and-unseen-category", family,
        versions.releases(family, v -> family.release(v, Embeddings.Defect.TABLE_CUT, cut, rows)), List.of(category, table));
  }
}
