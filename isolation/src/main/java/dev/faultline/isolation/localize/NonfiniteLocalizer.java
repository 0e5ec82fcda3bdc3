package dev.faultline.isolation.localize;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.FiniteProbe;
import dev.faultline.graph.FiniteProbe.Reach;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.Node;
import dev.faultline.graph.NodeNames;
import dev.faultline.isolation.replay.Budget;
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
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// Names the first node whose output is not finite, and stays open to do so again: the quick answer that a fault gets at once, where
/// [NonfiniteSearch] gives the whole one.
///
/// A copy of the graph that asks of each value whether it is finite ([FiniteProbe]) is kept loaded, without optimisation, so that nodes keep
/// their names, and in a session of its own, never that of the serving path. Asking blocks fusions, so a fault that depends on one may not
/// show: then the answer is empty, never a guess.
public final class NonfiniteLocalizer implements AutoCloseable {
  private static final LoadOptions UNCHANGED = new LoadOptions(1, LoadOptions.Optimization.NONE);

  /// Measuring and fetching a node's operands, one by one at worst.
  private static final int RUNS_MAX = 32;

  private static final long MILLIS_MAX = 20_000;

  private final Artifact artifact;
  private final Laboratory laboratory;
  private final Graph graph;
  private final LoadedModel probe;

  private NonfiniteLocalizer(Artifact artifact, Laboratory laboratory, Graph graph, LoadedModel probe) {
    this.artifact = artifact;
    this.laboratory = laboratory;
    this.graph = graph;
    this.probe = probe;
  }

  /// Instruments the artifact. `scratch` is a folder for copies, each of which is removed as soon as it is loaded.
  ///
  /// @throws LoadException when the engine does not take the instrumented copy
  public static NonfiniteLocalizer open(Artifact artifact, Backend backend, Path scratch, LongSupplier nanoClock) throws LoadException {
    Graph graph = NodeNames.complete(GraphReader.read(artifact.file()));
    Laboratory laboratory = new Laboratory(backend, scratch, nanoClock);
    try {
      return new NonfiniteLocalizer(artifact, laboratory, graph, load(artifact, laboratory, FiniteProbe.of(graph, Reach.POSSIBLE_FLOATS)));
    } catch (LoadException e) {
      // a value of unknown type was no number
      return new NonfiniteLocalizer(artifact, laboratory, graph, load(artifact, laboratory, FiniteProbe.of(graph, Reach.KNOWN_FLOATS)));
    }
  }

  /// Runs the copy on what the model was given.
  ///
  /// @return empty when every value of every node was finite
  /// @throws FaultException when the run fails
  public Optional<Origin> localize(List<Tensor> engineInputs) {
    long start = laboratory.nanoClock().getAsLong();
    Map<String, Tensor> answers = new HashMap<>();
    probe.run(engineInputs, new RunControl()).outputs().forEach(answer -> answers.put(answer.name(), answer));
    Set<String> sick = new HashSet<>(FiniteProbe.nonfinite(graph, answers));
    return graph.nodes().stream()
        .filter(node -> node.writes().stream().anyMatch(sick::contains))
        .findFirst()
        .flatMap(node -> origin(node, sick, engineInputs, start));
  }

  @Override
  public void close() {
    probe.close();
  }

  private Optional<Origin> origin(Node node, Set<String> sick, List<Tensor> engineInputs, long start) {
    String value = node.writes().stream().filter(sick::contains).findFirst().orElseThrow();
    Set<String> wanted = new LinkedHashSet<>(node.reads());
    wanted.removeAll(graph.initializers().keySet());
    wanted.add(value);
    var budget = new Budget(RUNS_MAX, MILLIS_MAX, laboratory.nanoClock());
    Bench.Values values = new Bench(laboratory, artifact, graph, engineInputs, budget).fetch(graph, wanted);
    wanted.remove(value);
    List<TensorSummary> inputs = wanted.stream().flatMap(name -> values.tensor(name).stream()).map(TensorSummary::of).toList();
    var ref = new NodeRef(node.index(), node.name(), node.op(), value);
    return values.tensor(value)
        .map(made -> new Origin(ref, inputs, TensorSummary.of(made), missing(value, engineInputs), (laboratory.nanoClock().getAsLong() - start) / 1e6));
  }

  private List<String> missing(String value, List<Tensor> engineInputs) {
    List<String> reaching = graph.ancestors(List.of(value)).stream().flatMap(ancestor -> ancestor.reads().stream()).toList();
    return engineInputs.stream().filter(tensor -> reaching.contains(tensor.name()) && !FiniteScan.allFinite(tensor)).map(Tensor::name).toList();
  }

  private static LoadedModel load(Artifact artifact, Laboratory laboratory, Graph copy) throws LoadException {
    try (CopyFolder folder = CopyFolder.of(laboratory.scratch())) {
      Path file = folder.write(copy, artifact.file());
      return laboratory.backend().load(new Artifact(artifact.model(), artifact.version(), file, artifact.digest()), UNCHANGED);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the instrumented copy into '" + laboratory.scratch() + "'", e);
    }
  }
}
