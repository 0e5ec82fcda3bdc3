package dev.faultline.serving.backend;

import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// What a request says when it asks for a place: the engine's inputs, until when it wants an answer, how to know that its caller has left,
/// the protocol's priority (1 first, 0 the default), and the request's id, empty when nobody asks by name.
public record Ask(List<Tensor> inputs, Deadline deadline, Cancellation cancellation, int priority, String caller) {

  /// Of nobody in particular.
  public Ask(List<Tensor> inputs, Deadline deadline, Cancellation cancellation, int priority) {
    this(inputs, deadline, cancellation, priority, "");
  }
}
