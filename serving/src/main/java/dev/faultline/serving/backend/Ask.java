package dev.faultline.serving.backend;

import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// What a request says when it asks for a place: the engine's inputs, until when it wants an answer, how to know that its caller has left,
/// and the protocol's priority (1 first, 0 the default).
public record Ask(List<Tensor> inputs, Deadline deadline, Cancellation cancellation, int priority) {}
