package dev.faultline.isolation.localize;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.GraphTap;
import dev.faultline.graph.GraphWriter;
import dev.faultline.graph.Node;
import dev.faultline.graph.NodeNames;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.FiniteScan;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Finds the first node whose output is not finite, in one run of a copy of the graph whose every floating value is an output.
///
/// The copy runs without optimisation, so that nodes keep their names, and in a session of its own, never that of the serving path.
/// Asking for inner values blocks fusions, so a fault that depends on one may not show: then the answer is empty, never a guess.
public final class NonfiniteLocalizer implements AutoCloseable {
  private static final LoadOptions UNCHANGED = new LoadOptions(1, LoadOptions.Optimization.NONE);

  private final Graph graph;
  private final LoadedModel instrumented;
  private final LongSupplier nanoClock;

  private NonfiniteLocalizer(Graph graph, LoadedModel instrumented, LongSupplier nanoClock) {
    this.graph = graph;
    this.instrumented = instrumented;
    this.nanoClock = nanoClock;
  }

  /// Instruments the artifact. `scratch` is a folder for the copy, which is removed again before this returns.
  ///
  /// @throws LoadException when the engine does not take the instrumented copy
  public static NonfiniteLocalizer open(Artifact artifact, Backend backend, Path scratch, LongSupplier nanoClock) throws LoadException {
    Graph graph = NodeNames.complete(GraphReader.read(artifact.file()));
    Path copy = scratch.resolve("tapped-" + artifact.model() + "-" + artifact.version() + "-" + Thread.currentThread().threadId() + ".onnx");
    try {
      Files.createDirectories(scratch);
      GraphWriter.write(GraphTap.tapFloats(graph), copy);
      LoadedModel loaded = backend.load(new Artifact(artifact.model(), artifact.version(), copy, artifact.digest()), UNCHANGED);
      return new NonfiniteLocalizer(graph, loaded, nanoClock);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the instrumented copy '" + copy + "'", e);
    } finally {
      delete(copy);
    }
  }

  /// Runs the copy on what the model was given.
  ///
  /// @return empty when every value of every node was finite
  /// @throws FaultException when the run fails
  public Optional<Origin> localize(List<Tensor> engineInputs) {
    long start = nanoClock.getAsLong();
    Map<String, Tensor> values = new HashMap<>();
    engineInputs.forEach(tensor -> values.put(tensor.name(), tensor));
    instrumented.run(engineInputs, new RunControl()).outputs().forEach(tensor -> values.put(tensor.name(), tensor));
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        Tensor value = values.get(output);
        if (value != null && !FiniteScan.allFinite(value)) {
          return Optional.of(origin(node, value, values, engineInputs, start));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    instrumented.close();
  }

  private Origin origin(Node node, Tensor value, Map<String, Tensor> values, List<Tensor> engineInputs, long start) {
    List<TensorSummary> inputs =
        node.inputs().stream().flatMap(name -> Optional.ofNullable(values.get(name)).stream()).map(TensorSummary::of).toList();
    List<String> reaching = graph.ancestors(List.of(value.name())).stream().flatMap(ancestor -> ancestor.inputs().stream()).toList();
    List<String> missing = engineInputs.stream()
        .filter(tensor -> reaching.contains(tensor.name()) && !FiniteScan.allFinite(tensor))
        .map(Tensor::name)
        .toList();
    var ref = new NodeRef(node.index(), node.name(), node.op(), value.name());
    return new Origin(ref, inputs, TensorSummary.of(value), missing, (nanoClock.getAsLong() - start) / 1e6);
  }

  private static void delete(Path copy) {
    try {
      Files.deleteIfExists(copy);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the instrumented copy '" + copy + "'", e);
    }
  }
}
