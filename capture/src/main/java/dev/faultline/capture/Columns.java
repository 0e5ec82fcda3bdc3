package dev.faultline.capture;

import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// Which positions of a tensor's last axis are hidden: all, none, or some of a known number.
sealed interface Columns {
  record All() implements Columns {}

  record NoOne() implements Columns {}

  /// One entry for each column.
  record Some(List<Boolean> hidden) implements Columns {
    public Some {
      hidden = List.copyOf(hidden);
    }
  }

  static Columns all() {
    return new All();
  }

  static Columns noOne() {
    return new NoOne();
  }

  /// Whether the element at a position is hidden, when the last axis has `extent` elements.
  default boolean hide(long position, long extent) {
    return switch (this) {
      case All _ -> true;
      case NoOne _ -> false;
      case Some some -> extent != some.hidden.size() || some.hidden.get((int) position);
    };
  }

  static Columns of(Redaction redaction, TensorSpec spec) {
    String tensor = Redaction.folded(spec.name());
    if (redaction.hidesTensor(tensor)) {
      return all();
    }
    var hidden = new ArrayList<Boolean>();
    for (String column : spec.columns()) {
      hidden.add(redaction.hides(new FieldRef(tensor, column)));
    }
    if (hidden.contains(true)) {
      return new Some(hidden);
    }
    return hidden.isEmpty() && redaction.hasHiddenColumn(tensor) ? all() : noOne();
  }
}
