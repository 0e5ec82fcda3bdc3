package dev.faultline.isolation.localize;

import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.InferFault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of nodes in what an engine said about a failed run, outermost first: a body's node is told inside its control node's failure.
record EngineWords(List<String> names, String reason) {

  private static final Pattern PLACE = Pattern.compile("running \\S+ node\\. Name:'(.*?)' Status Message: ");

  EngineWords {
    names = List.copyOf(names);
  }

  static EngineWords of(Fault fault) {
    List<String> names = new ArrayList<>();
    for (Evidence evidence : fault.evidence()) {
      if (evidence instanceof Evidence.Engine(_, _, String message)) {
        Matcher place = PLACE.matcher(message);
        while (place.find()) {
          names.add(place.group(1));
        }
      }
    }
    fault.node().ifPresent(node -> names.add(node.name()));
    return new EngineWords(names.stream().filter(name -> !name.isEmpty()).toList(), reason(fault));
  }

  private static String reason(Fault fault) {
    return fault instanceof InferFault inferFault ? reason(inferFault) : fault.summary();
  }

  private static String reason(InferFault fault) {
    return switch (fault) {
      case InferFault.NodeFailed failed -> failed.reason();
      case InferFault.Failed failed -> failed.reason();
      case InferFault.OutOfMemory memory -> memory.reason();
      case InferFault.Crashed crashed -> crashed.reason();
      case InferFault.Timeout _, InferFault.BatchBudget _ -> fault.summary();
    };
  }
}
