package dev.faultline.isolation;

import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.GraphException;
import dev.faultline.isolation.localize.NonfiniteLocalizer;
import dev.faultline.isolation.localize.Origin;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.tensor.Tensor;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// Names the graph node to blame: the one that the fault names, or the first whose output is not finite.
final class NodeSearch {
  private final Tools tools;
  private final String model;
  private final String version;

  NodeSearch(Tools tools, String model, String version) {
    this.tools = tools;
    this.model = model;
    this.version = version;
  }

  /// `engineInputs` are those of a run that showed the fault; empty when it did not come that far.
  List<BlamedNode> run(Fault fault, List<Tensor> engineInputs, Notes notes) {
    List<NodeRef> swallowed = fault.evidence().stream()
        .flatMap(each -> each instanceof Evidence.Swallowed by ? java.util.stream.Stream.of(by.by()) : java.util.stream.Stream.empty())
        .toList();
    Optional<NodeRef> node = fault.code() == FaultCode.CHECK_NONFINITE && !engineInputs.isEmpty()
        ? origin(engineInputs, notes).or(fault::node)
        : fault.node();
    return node.map(ref -> new BlamedNode(ref, List.of(), swallowed)).stream().toList();
  }

  private Optional<NodeRef> origin(List<Tensor> engineInputs, Notes notes) {
    try (var localizer = NonfiniteLocalizer.open(tools.replayer().artifact(model, version), tools.backend(), tools.scratch(), tools.nanoClock())) {
      Optional<Origin> origin = localizer.localize(engineInputs);
      origin.ifPresent(found -> notes.add(Proof.Kind.LOCALIZATION, "node " + found.node() + " is the first whose output is not finite"
          + (found.missingInputs().isEmpty() ? "; all it read was finite" : "; it read values that were not finite from " + String.join(", ", found.missingInputs()))));
      return origin.map(Origin::node);
    } catch (LoadException | ReplayException | FaultException | GraphException | UncheckedIOException e) {
      notes.add(Proof.Kind.LIMIT, "the graph could not be looked into: " + e.getMessage());
      return Optional.empty();
    }
  }
}
