package dev.faultline.server.conformance;

import java.util.List;

/// What a wire brought back.
sealed interface Reply {
  record Answered(List<WireTensor> outputs) implements Reply {
    public Answered {
      outputs = List.copyOf(outputs);
    }
  }

  /// A fault's code.
  record Refused(String code) implements Reply {}
}
