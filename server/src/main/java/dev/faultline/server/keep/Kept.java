package dev.faultline.server.keep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Occurrence;
import dev.faultline.protocol.DetailLevel;
import dev.faultline.protocol.FaultContext;
import dev.faultline.protocol.FaultDocument;
import dev.faultline.request.Passage;

/// A fault or suspicion with all that its `fault.v1` document needs.
public record Kept(Occurrence occurrence, Passage passage, FaultContext context) {

  public ObjectNode document(DetailLevel level) {
    return FaultDocument.of(occurrence, passage, context, level);
  }

  /// The same with a fault that knows more.
  Kept knowing(Occurrence more) {
    return new Kept(more, passage, context);
  }

  /// Roughly what it holds on to.
  long weightBytes() {
    long tensors = passage.engineInputs().stream().mapToLong(t -> t.byteSize()).sum() + passage.outputs().stream().mapToLong(t -> t.byteSize()).sum();
    return 2_048 + passage.arrival().payload().length() + 2 * tensors;
  }
}
