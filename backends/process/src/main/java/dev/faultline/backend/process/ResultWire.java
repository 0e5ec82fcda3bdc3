package dev.faultline.backend.process;

import dev.faultline.fault.NodeRef;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.backend.RunResult.Watched;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a run gave back, on the way between two processes: all tensors in one list, outputs first.
final class ResultWire {

  private ResultWire() {}

  static void write(WireWriter out, RunResult result, SharedRegion region) throws IOException {
    List<Tensor> tensors = new ArrayList<>(result.outputs());
    result.watched().forEach(watched -> tensors.add(watched.tensor()));
    out.list(result.watched(), ResultWire::nodes);
    TensorWire.write(out, tensors, region);
  }

  static RunResult read(WireReader in, SharedRegion region) throws IOException {
    List<Nodes> nodes = in.list(each -> new Nodes(FaultWire.node(each), FaultWire.node(each)));
    List<Tensor> tensors = TensorWire.read(in, region, TensorWire.Storage.COPY);
    in.end();
    int outputs = tensors.size() - nodes.size();
    if (outputs < 0) {
      throw new WireException(tensors.size() + " tensors (expected: at least the " + nodes.size() + " watched ones)");
    }
    List<Watched> watched = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      watched.add(new Watched(tensors.get(outputs + i), nodes.get(i).producer, nodes.get(i).swallowedBy));
    }
    return new RunResult(tensors.subList(0, outputs), watched);
  }

  private static void nodes(WireWriter out, Watched watched) {
    FaultWire.node(out, watched.producer());
    FaultWire.node(out, watched.swallowedBy());
  }

  private record Nodes(NodeRef producer, NodeRef swallowedBy) {}
}
