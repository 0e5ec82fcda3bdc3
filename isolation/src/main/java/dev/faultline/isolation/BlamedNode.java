package dev.faultline.isolation;

import dev.faultline.fault.NodeRef;
import java.util.List;

/// The first graph node to blame. `scope` names the control-flow nodes around it, outermost first; `swallowedBy` the nodes further on
/// that made something sound-looking of its NaN.
public record BlamedNode(NodeRef at, List<String> scope, List<NodeRef> swallowedBy) {
  public BlamedNode {
    scope = List.copyOf(scope);
    swallowedBy = List.copyOf(swallowedBy);
  }
}
