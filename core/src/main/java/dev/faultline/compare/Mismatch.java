package dev.faultline.compare;

import dev.faultline.fault.Blame;
import dev.faultline.fault.CheckFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.Mend;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The suspicion that a version's answer is not the one that another version gives: made of a comparison, so that it can be kept, grouped and investigated like any fault.
///
/// It names the first output that differs, and of that the weightiest difference: a broken form before another label or winner before other numbers.
public final class Mismatch {
  /// How far numbers may lie apart: what batches and other processors change in a sound answer. What the version in charge differs from itself by comes on top.
  public static final Tolerance ALLOWED = Tolerance.of(1e-7, 1e-5);

  private static final Comparator<Difference> WEIGHTIEST =
      Comparator.comparing((Difference each) -> !each.isBroken()).thenComparing(each -> !each.saysOtherwise());

  private Mismatch() {}

  /// @param comparison of the other version's answer, which was expected, with this one's; not the same
  /// @param version the other version
  /// @param rollout the shadow that compared them, empty outside one
  public static CheckFault of(Comparison comparison, String version, String rollout) {
    Difference first = comparison.differences().stream().min(WEIGHTIEST).orElseThrow();
    var compared = new Evidence.Compared(version, rollout, comparison.saysOtherwise());
    return new CheckFault(
        FaultCode.CHECK_MISMATCH, place(first), got(first), want(first) + ", as version " + version + " answers", count(first), Blame.MODEL,
        List.of(), List.of(), List.of(compared), List.of(Mend.of("compare the two versions: what separates such requests, and which node or constant makes the difference, is what an investigation looks for")));
  }

  private static Field place(Difference difference) {
    return switch (difference) {
      case Difference.OtherNumbers numbers -> element(numbers.output(), numbers.index());
      case Difference.OtherLabels labels -> element(labels.output(), labels.index());
      case Difference.OtherRanks ranks -> element(ranks.output(), List.of(ranks.row()));
      case Difference.Missing _, Difference.Extra _, Difference.OtherType _, Difference.OtherShape _ -> Field.output(difference.output());
    };
  }

  private static Field element(String output, List<Long> index) {
    String brackets = index.isEmpty() ? "" : index.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    return new Field("outputs/" + output + brackets, output, index, "", "");
  }

  private static String got(Difference difference) {
    return switch (difference) {
      case Difference.Missing _ -> "missing";
      case Difference.Extra _ -> "there";
      case Difference.OtherType type -> "of type " + type.actual();
      case Difference.OtherShape shape -> "of shape " + shape.actual();
      case Difference.OtherNumbers numbers -> numbers.actual();
      case Difference.OtherLabels labels -> labels.actual();
      case Difference.OtherRanks ranks -> "ordered " + ranks.actual();
    };
  }

  private static String want(Difference difference) {
    return switch (difference) {
      case Difference.Missing _ -> "there";
      case Difference.Extra _ -> "missing";
      case Difference.OtherType type -> "of type " + type.expected();
      case Difference.OtherShape shape -> "of shape " + shape.expected();
      case Difference.OtherNumbers numbers -> numbers.expected();
      case Difference.OtherLabels labels -> labels.expected();
      case Difference.OtherRanks ranks -> "ordered " + ranks.expected();
    };
  }

  private static long count(Difference difference) {
    return switch (difference) {
      case Difference.OtherNumbers numbers -> numbers.count();
      case Difference.OtherLabels labels -> labels.count();
      case Difference.OtherRanks ranks -> ranks.count();
      case Difference.Missing _, Difference.Extra _, Difference.OtherType _, Difference.OtherShape _ -> 1;
    };
  }
}
