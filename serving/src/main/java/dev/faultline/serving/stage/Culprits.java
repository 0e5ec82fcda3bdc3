package dev.faultline.serving.stage;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Field;
import java.util.List;

/// Request fields that a broken output comes from, likeliest first, and who must act. `allowed` tells whether the contract lets the
/// likeliest be missing.
record Culprits(List<Field> fields, Blame blame, boolean allowed) {
  static final Culprits NONE = new Culprits(List.of(), Blame.MODEL, false);

  Culprits {
    fields = List.copyOf(fields);
  }
}
