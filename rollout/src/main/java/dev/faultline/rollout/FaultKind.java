package dev.faultline.rollout;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.request.Outcome;

/// What a judge calls a fault: its code and its input field, so that the same fault of both versions has one name. An answer that was served
/// although its check objected to the model counts as faulted: that is how a version fails in silence.
public final class FaultKind {
  private FaultKind() {}

  /// Empty for a served request to which nobody objected.
  public static String of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Faulted faulted -> of(faulted.fault());
      case Outcome.Served served -> served.suspicions().stream()
          .filter(each -> each.fault().blame() == Blame.MODEL)
          .findFirst()
          .map(each -> of(each.fault()))
          .orElse("");
    };
  }

  public static String of(Fault fault) {
    String place = fault.field().map(FaultKind::place).orElse("");
    return place.isEmpty() ? fault.code().label() : fault.code().label() + " " + place;
  }

  /// A field without its row.
  private static String place(Field field) {
    return field.column().isEmpty() ? field.tensor() : field.tensor() + "." + field.column();
  }
}
