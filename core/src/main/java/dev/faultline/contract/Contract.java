package dev.faultline.contract;

import java.util.List;
import java.util.Optional;

/// What one model version accepts and promises.
///
/// `inputs` and `outputs` are what a caller sees: with preprocessing steps they differ from the graph's own.
/// `sources` says where it came from, in order of application: `graph`, `config.pbtxt`, `MLmodel`, `contract.yaml`.
public record Contract(
    List<TensorSpec> inputs, List<TensorSpec> outputs, List<Rule> rules, List<Expectation> expectations, List<String> sources) {

  public Contract {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    rules = List.copyOf(rules);
    expectations = List.copyOf(expectations);
    sources = List.copyOf(sources);
  }

  public Optional<TensorSpec> findInput(String name) {
    return find(inputs, name);
  }

  public Optional<TensorSpec> findOutput(String name) {
    return find(outputs, name);
  }

  private static Optional<TensorSpec> find(List<TensorSpec> specs, String name) {
    for (TensorSpec spec : specs) {
      if (spec.name().equals(name)) {
        return Optional.of(spec);
      }
    }
    return Optional.empty();
  }
}
