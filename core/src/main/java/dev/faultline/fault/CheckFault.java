package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// An output broke what the version promises. As a suspicion it did not change the answer.
///
/// `at` is the first output element concerned. `nodes` holds the graph node to blame as far as known when the answer was given, and
/// `inputs` the request fields that the broken value comes from, likeliest first, both empty when unknown. `mend` says what to do and
/// may be empty.
public record CheckFault(
    FaultCode code,
    Field at,
    String got,
    String want,
    long count,
    Blame blame,
    List<NodeRef> nodes,
    List<Field> inputs,
    List<Evidence> evidence,
    List<Mend> mend)
    implements Fault {

  public CheckFault {
    if (code.stage() != Stage.CHECK) {
      throw new IllegalArgumentException("code " + code.label() + " (expected: one of stage CHECK)");
    }
    nodes = List.copyOf(nodes);
    inputs = List.copyOf(inputs);
    evidence = List.copyOf(evidence);
    mend = List.copyOf(mend);
  }

  @Override
  public String summary() {
    String more = count == 1 ? "" : ", " + count + " values in all";
    String from = inputs.isEmpty() ? "" : ", from " + inputs.getFirst().path();
    return at.path() + " is " + got + " (expected: " + want + more + ")" + from;
  }

  /// The request field when it is known, otherwise the output element.
  @Override
  public Optional<Field> field() {
    return Optional.of(inputs.isEmpty() ? at : inputs.getFirst());
  }

  @Override
  public Optional<NodeRef> node() {
    return nodes.stream().findFirst();
  }
}
