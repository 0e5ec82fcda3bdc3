package dev.faultline.server.triton;

import java.util.List;

/// The extensions of the protocol that this server has. What is listed works; what is not supported is refused with a sentence.
public final class Extensions {
  public static final List<String> LISTED = List.of(
      "binary_tensor_data", "classification", "model_configuration", "model_repository", "parameters", "statistics", "trace", "logging", "faultline");

  public static final String SHARED_MEMORY = "shared memory is not supported; send tensors in the request, raw_input_contents and binary_tensor_data carry them without conversion";
  public static final String GENERATE = "generate is for models that have one input and one output, both one BYTES element; use infer for this one";

  private Extensions() {}
}
