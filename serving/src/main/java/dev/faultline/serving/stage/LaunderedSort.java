package dev.faultline.serving.stage;

import dev.faultline.contract.Expectation.Mode;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Sorts laundered values to the outputs they concern.
///
/// One whose rows an output already shows as not finite is evidence for that output's fault. The others are a fault of their own, one
/// for each output they lead to, in the strictest mode in which the version promises finite outputs at all.
final class LaunderedSort {
  private final Mode mode;
  private final Predicate<String> isHidden;

  LaunderedSort(Mode mode, Predicate<String> isHidden) {
    this.mode = mode;
    this.isHidden = isHidden;
  }

  List<BrokenPromise> sort(List<Broken> broken, List<Laundered> laundered, List<Tensor> outputs) {
    List<Laundered> upstreamFirst = laundered.stream().sorted(Comparator.comparingInt(each -> each.watched().producer().index())).toList();
    var unseen = new ArrayList<>(upstreamFirst);
    var promises = new ArrayList<BrokenPromise>();
    for (Broken each : broken) {
      List<Laundered> seen = unseen.stream().filter(one -> one.isSeenIn(each)).toList();
      unseen.removeAll(seen);
      promises.add(new BrokenPromise(seen.isEmpty() ? each : each.withMode(stricter(each.mode())), seen));
    }
    Map<Tensor, List<Laundered>> byOutput = new LinkedHashMap<>();
    for (Laundered each : unseen) {
      byOutput.computeIfAbsent(outputOf(each, outputs), _ -> new ArrayList<>()).add(each);
    }
    byOutput.forEach((output, values) -> promises.add(new BrokenPromise(broken(output, values), values)));
    return promises;
  }

  private Mode stricter(Mode other) {
    return mode == Mode.ENFORCE ? mode : other;
  }

  /// The output that the swallowing operator makes; otherwise the first that cannot show NaN, as that is where it is hidden.
  private static Tensor outputOf(Laundered laundered, List<Tensor> outputs) {
    String made = laundered.watched().swallowedBy().output();
    return outputs.stream()
        .filter(output -> output.name().equals(made))
        .findFirst()
        .or(() -> outputs.stream().filter(output -> !output.type().isFloating()).findFirst())
        .orElseGet(() -> outputs.isEmpty() ? laundered.watched().tensor() : outputs.getFirst());
  }

  private Broken broken(Tensor output, List<Laundered> values) {
    Laundered first = values.getFirst();
    var rows = (BitSet) first.rows().clone();
    values.stream().filter(each -> each.rowCount() == first.rowCount()).forEach(each -> rows.or(each.rows()));
    boolean byRow = output.count() > 0 && BrokenElements.rowCount(output) == first.rowCount();
    int flat = byRow ? rows.nextSetBit(0) * (int) (output.count() / first.rowCount()) : 0;
    Field at = byRow ? Field.outputElement(output.name(), output.shape(), flat, List.of()) : Field.output(output.name());
    String shown = !byRow ? "" : (isHidden.test(output.name()) ? Shown.REDACTED : Shown.element(output, flat)) + ", ";
    String got = shown + "made from NaN by node " + first.watched().swallowedBy();
    return new Broken(FaultCode.CHECK_NONFINITE, output, at, got, "a value made from finite numbers", rows.cardinality(), mode, rows, first.rowCount());
  }
}
