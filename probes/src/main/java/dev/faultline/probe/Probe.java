package dev.faultline.probe;

import dev.faultline.contract.FieldRef;
import dev.faultline.fault.Mend;
import java.util.List;

/// One odd request: what is odd about it, which field a refusal must name (an empty tensor: none), what a good answer is, and what would
/// mend a bad one.
public record Probe(Kind kind, String title, FieldRef place, Expected expected, Call call, List<Mend> mends) {
  static final FieldRef NOWHERE = FieldRef.of("");

  public Probe {
    mends = List.copyOf(mends);
  }

  static Probe of(Kind kind, String title, FieldRef place, Expected expected, Call call) {
    return new Probe(kind, title, place, expected, call, List.of());
  }

  public static Probe of(Kind kind, String title, Expected expected, Call call) {
    return of(kind, title, NOWHERE, expected, call);
  }

  Probe mendedBy(Mend... ways) {
    return new Probe(kind, title, place, expected, call, List.of(ways));
  }

  boolean namesAField() {
    return !place.tensor().isEmpty();
  }
}
