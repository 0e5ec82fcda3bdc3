package dev.faultline.isolation.rule;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.isolation.rule.RuleChange.Effect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How one contract differs from another, rule by rule, and whether each difference is stricter or looser.
///
/// Longer than most because there are many kinds of things that may differ; each is a few lines.
public final class ContractChanges {
  private final Contract before;
  private final Contract after;
  private final List<RuleChange> changes = new ArrayList<>();

  private ContractChanges(Contract before, Contract after) {
    this.before = before;
    this.after = after;
  }

  /// From `before` to `after`, inputs first, in the order of `after`.
  public static List<RuleChange> between(Contract before, Contract after) {
    var found = new ContractChanges(before, after);
    found.inputs();
    found.rules();
    found.outputs();
    found.promises();
    return List.copyOf(found.changes);
  }

  private void inputs() {
    each(before.inputs(), after.inputs(), TensorSpec::name, (name, old, now) -> {
      if (old.isPresent() && now.isPresent()) {
        input(old.get(), now.get());
      } else if (now.isPresent()) {
        add(name, "input", "", shown(now.get()), now.get().presence() == TensorSpec.Presence.REQUIRED ? Effect.EITHER : Effect.LOOSER);
      } else {
        add(name, "input", old.map(ContractChanges::shown).orElse(""), "", Effect.EITHER);
      }
    });
  }

  private void input(TensorSpec old, TensorSpec now) {
    differ(now.name(), "datatype", old.type().name(), now.type().name(), Effect.EITHER);
    differ(now.name(), "shape", shape(old), shape(now), shapes(old, now));
    differ(now.name(), "columns", old.columns().toString(), now.columns().toString(), old.columns().isEmpty() || now.columns().isEmpty() ? Effect.ANSWERS : Effect.EITHER);
    differ(now.name(), "optional", String.valueOf(optional(old)), String.valueOf(optional(now)), optional(now) ? Effect.LOOSER : Effect.STRICTER);
  }

  private static boolean optional(TensorSpec spec) {
    return spec.presence() == TensorSpec.Presence.OPTIONAL;
  }

  private static Effect shapes(TensorSpec old, TensorSpec now) {
    if (old.dimensions().size() != now.dimensions().size()) {
      return Effect.EITHER;
    }
    boolean stricter = false;
    boolean looser = false;
    for (int axis = 0; axis < old.dimensions().size(); axis++) {
      int step = weight(now.dimensions().get(axis)) - weight(old.dimensions().get(axis));
      boolean moved = step == 0 && !old.dimensions().get(axis).equals(now.dimensions().get(axis));
      stricter |= step > 0 || moved;
      looser |= step < 0 || moved;
    }
    return effect(stricter, looser);
  }

  private static int weight(Dimension dimension) {
    return switch (dimension) {
      case Dimension.Free _ -> 0;
      case Dimension.Symbolic _ -> 1;
      case Dimension.Fixed _ -> 2;
    };
  }

  private void rules() {
    each(merged(before), merged(after), rule -> rule.field() + "/" + RuleWords.key(rule), (_, old, now) -> {
      Rule some = now.or(() -> old).orElseThrow();
      String was = old.map(RuleWords::what).orElse("");
      if (old.orElse(some) instanceof Rule.AllowedValues(var field, var olds) && some instanceof Rule.AllowedValues(var _, var nows) && now.isPresent() && old.isPresent()) {
        values(field.toString(), olds, nows, effect(old, now));
      } else {
        differ(some.field().toString(), RuleWords.key(some), was, now.map(RuleWords::what).orElse(""), effect(old, now));
      }
    });
  }

  /// Long lists differ in a few values, which are what is to be seen.
  private void values(String field, Set<String> old, Set<String> now, Effect effect) {
    if (old.equals(now)) {
      return;
    }
    Set<String> gone = new LinkedHashSet<>(old);
    gone.removeAll(now);
    Set<String> fresh = new LinkedHashSet<>(now);
    fresh.removeAll(old);
    String news = (gone.isEmpty() ? "" : "; not any more " + RuleWords.listed(gone)) + (fresh.isEmpty() ? "" : "; new " + RuleWords.listed(fresh));
    add(field, "values", RuleWords.values(old), RuleWords.values(now) + news, effect);
  }

  /// Of the rules of one kind about one field the last says what holds; a range that others narrow stands as it was written.
  private static List<Rule> merged(Contract contract) {
    Map<String, Rule> last = new LinkedHashMap<>();
    contract.rules().forEach(rule -> last.put(rule.field() + "/" + RuleWords.key(rule), rule));
    return List.copyOf(last.values());
  }

  private static Effect effect(Optional<Rule> old, Optional<Rule> now) {
    if (old.isPresent() && now.isPresent()) {
      return effect(old.get(), now.get());
    }
    boolean allows = now.or(() -> old).orElseThrow() instanceof Rule.Nullable;
    return now.isPresent() == allows ? Effect.LOOSER : Effect.STRICTER;
  }

  private static Effect effect(Rule old, Rule now) {
    return switch (now) {
      case Rule.Range(var _, double min, double max) when old instanceof Rule.Range was -> effect(min > was.min() || max < was.max(), min < was.min() || max > was.max());
      case Rule.Length(var _, int min, int max) when old instanceof Rule.Length was -> effect(min > was.min() || max < was.max(), min < was.min() || max > was.max());
      case Rule.Rows(var _, long min, long max) when old instanceof Rule.Rows was -> effect(min > was.min() || max < was.max(), min < was.min() || max > was.max());
      case Rule.AllowedValues(var _, var values) when old instanceof Rule.AllowedValues was -> effect(!values.containsAll(was.values()), !was.values().containsAll(values));
      case Rule.Range _, Rule.Length _, Rule.Rows _, Rule.AllowedValues _, Rule.Pattern _, Rule.Nullable _, Rule.Finite _ -> Effect.EITHER;
    };
  }

  private static Effect effect(boolean stricter, boolean looser) {
    return stricter == looser ? Effect.EITHER : stricter ? Effect.STRICTER : Effect.LOOSER;
  }

  private void outputs() {
    each(before.outputs(), after.outputs(), TensorSpec::name, (name, old, now) -> {
      String was = old.map(ContractChanges::shown).orElse("");
      // who asks for an output that is gone is refused
      differ(name, "output", was, now.map(ContractChanges::shown).orElse(""), now.isEmpty() ? Effect.STRICTER : Effect.ANSWERS);
    });
  }

  private void promises() {
    each(before.expectations(), after.expectations(), promise -> promise.field() + "/" + promise.getClass().getSimpleName(), (_, old, now) -> {
      Expectation some = now.or(() -> old).orElseThrow();
      differ(some.field().toString(), "promise", old.map(ContractChanges::promise).orElse(""), now.map(ContractChanges::promise).orElse(""), Effect.ANSWERS);
    });
  }

  private static String promise(Expectation promise) {
    String what = switch (promise) {
      case Expectation.Finite _ -> "finite";
      case Expectation.Range(var field, double min, double max, var _) -> RuleWords.what(new Rule.Range(field, min, max));
      case Expectation.Sum(var _, double total, double tolerance, var _) -> "each row adds up to " + total + " within " + tolerance;
      case Expectation.OfShape(var _, var dimensions, var _) -> "shape " + dimensions;
      case Expectation.AllowedValues(var _, var values, var _) -> RuleWords.values(values);
    };
    return what + (promise.mode() == Expectation.Mode.OBSERVE ? ", observed" : "");
  }

  private static String shown(TensorSpec spec) {
    return spec.type() + shape(spec);
  }

  private static String shape(TensorSpec spec) {
    return spec.dimensions().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }

  private void differ(String about, String what, String old, String now, Effect effect) {
    if (!old.equals(now)) {
      add(about, what, old, now, effect);
    }
  }

  private void add(String about, String what, String old, String now, Effect effect) {
    changes.add(new RuleChange(about, what, old, now, effect));
  }

  /// Takes what both sides have under one name.
  private interface Pair<T> {
    void take(String name, Optional<T> old, Optional<T> now);
  }

  private static <T> void each(List<T> old, List<T> now, Function<T, String> name, Pair<T> pair) {
    Map<String, T> olds = byName(old, name);
    Map<String, T> nows = byName(now, name);
    Set<String> names = new LinkedHashSet<>(nows.keySet());
    names.addAll(olds.keySet());
    names.forEach(each -> pair.take(each, Optional.ofNullable(olds.get(each)), Optional.ofNullable(nows.get(each))));
  }

  private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
    Map<String, T> byName = new LinkedHashMap<>();
    all.forEach(each -> byName.put(name.apply(each), each));
    return byName;
  }
}
