package dev.faultline.isolation.replay;

import dev.faultline.isolation.finding.Cause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The decision table of the factorial experiment: from the cells that were run to the cause that they leave.
///
/// A cell that was not run, or gave no answer, speaks neither for nor against a cause; only where no older version answers, a fault that
/// other inputs do not show is laid to the input. [#next] names the cheapest cell that can still change the answer, so that an
/// investigation runs no others.
public record Factorial(Map<Cell, TrialResult> cells) {

  /// The cells that single out one context, with what a failure there and nowhere else means, in order of cost.
  private static final Map<Cell, Cause> CONTEXTS = contexts();

  public Factorial {
    cells = Map.copyOf(cells);
  }

  /// The cause that the cells leave; [Cause#UNKNOWN] while they leave several.
  public Cause cause() {
    return switch (result(Cell.ALONE)) {
      case FAIL -> causeAlone();
      case PASS -> causeInContext();
      case UNRESOLVED -> Cause.UNKNOWN;
    };
  }

  /// The cheapest cell that could still change the answer; empty when none can.
  public Optional<Cell> next() {
    return wanted().stream().filter(cell -> !cells.containsKey(cell)).findFirst();
  }

  /// The causes that the cells speak against.
  public List<Cause> ruledOut() {
    var out = new ArrayList<Cause>();
    if (result(Cell.ALONE) == TrialResult.FAIL) {
      out.addAll(CONTEXTS.values());
      addIf(out, result(Cell.PASSING_INPUT) == TrialResult.PASS, Cause.MODEL);
      addIf(out, result(Cell.LAST_GOOD_VERSION) == TrialResult.PASS, Cause.INPUT);
      addIf(out, result(Cell.LAST_GOOD_VERSION) == TrialResult.FAIL, Cause.INTERACTION);
      addIf(out, result(Cell.UPSTREAM_STUBBED) == TrialResult.FAIL, Cause.UPSTREAM);
    } else {
      CONTEXTS.forEach((cell, cause) -> addIf(out, result(cell) == TrialResult.PASS, cause));
    }
    return out.stream().distinct().filter(cause -> cause != cause()).toList();
  }

  private Cause causeAlone() {
    if (result(Cell.UPSTREAM_STUBBED) == TrialResult.PASS) {
      return Cause.UPSTREAM;
    }
    return switch (result(Cell.PASSING_INPUT)) {
      case FAIL -> result(Cell.LAST_GOOD_VERSION) == TrialResult.FAIL ? Cause.ENVIRONMENT : Cause.MODEL;
      case PASS -> result(Cell.LAST_GOOD_VERSION) == TrialResult.PASS ? Cause.INTERACTION : Cause.INPUT;
      case UNRESOLVED -> Cause.UNKNOWN;
    };
  }

  private Cause causeInContext() {
    for (var context : CONTEXTS.entrySet()) {
      if (result(context.getKey()) == TrialResult.FAIL) {
        return context.getValue();
      }
    }
    return Cause.UNKNOWN;
  }

  private List<Cell> wanted() {
    return switch (result(Cell.ALONE)) {
      case UNRESOLVED -> List.of(Cell.ALONE);
      case FAIL -> List.of(Cell.PASSING_INPUT, Cell.LAST_GOOD_VERSION, Cell.UPSTREAM_STUBBED);
      case PASS -> cause() == Cause.UNKNOWN ? List.copyOf(CONTEXTS.keySet()) : List.of();
    };
  }

  private TrialResult result(Cell cell) {
    return cells.getOrDefault(cell, TrialResult.UNRESOLVED);
  }

  private static void addIf(List<Cause> causes, boolean ruledOut, Cause cause) {
    if (ruledOut) {
      causes.add(cause);
    }
  }

  private static Map<Cell, Cause> contexts() {
    var contexts = new EnumMap<Cell, Cause>(Cell.class);
    contexts.put(Cell.ORIGINAL_BATCH, Cause.BATCH_INTERACTION);
    contexts.put(Cell.ORIGINAL_REPLICA, Cause.REPLICA);
    contexts.put(Cell.ORIGINAL_LIMITS, Cause.RESOURCE);
    contexts.put(Cell.CONCURRENT, Cause.CONCURRENCY);
    contexts.put(Cell.AFTER_EARLIER_REQUESTS, Cause.STATE);
    return contexts;
  }
}
