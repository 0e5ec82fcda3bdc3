package dev.faultline.server.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.compare.Tolerance;

/// What is to be run again: which kept requests, on which version, and how far outputs may lie apart.
///
/// `id` is a fault, a group or a capture as the scope says, empty for all. `model` narrows all to one model; empty: every model that is kept.
/// `to` is a version; empty: the one that each request met. At most `limit` requests are run, the newest.
public record ReplayOrder(Scope scope, String id, String model, String to, Tolerance tolerance, int limit) {
  public static final int LIMIT_DEFAULT = 1_000;
  public static final int LIMIT_MAX = 10_000;
  /// As numpy's `allclose` has them.
  public static final double RELATIVE_DEFAULT = 1e-5;
  public static final double ABSOLUTE_DEFAULT = 1e-8;

  /// Which kept requests.
  public enum Scope {
    /// The request of one fault.
    FAULT,
    /// The requests of a group.
    GROUP,
    /// One kept request, failed or served.
    CAPTURE,
    /// All that are kept, failed and served.
    ALL
  }

  ReplayOrder ofNewest() {
    return new ReplayOrder(scope, id, model, to, tolerance, 1);
  }

  boolean isOnVersionMet() {
    return to.isEmpty();
  }

  /// All that is kept, on another version: what that version is judged by.
  boolean isJudged() {
    return scope == Scope.ALL && !to.isEmpty();
  }

  ObjectNode document() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Scope each : Scope.values()) {
      String name = each.name().toLowerCase(java.util.Locale.ROOT);
      if (each == Scope.ALL) {
        node.put(name, scope == each);
      } else {
        node.put(name, scope == each ? id : null);
      }
    }
    node.put("model", model.isEmpty() ? null : model);
    node.put("to", to.isEmpty() ? null : to);
    node.put("rtol", tolerance.relative()).put("atol", tolerance.absolute());
    return node.put("limit", limit);
  }
}
