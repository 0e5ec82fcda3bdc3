package dev.faultline.isolation.localize;

import dev.faultline.fault.FaultException;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphConstants;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.GraphSlice;
import dev.faultline.graph.NodeNames;
import dev.faultline.graph.ShapeProbe;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One localization's place in the laboratory: runs edited copies of one artifact on one set of inputs, and counts what that takes.
///
/// A value of the graph is looked for where it costs least: among the inputs, in the model file, and only then in a run of the backward
/// slice that makes it. The slice is measured before its values are brought out, so that a huge one is told by its shape.
final class Bench {

  private final Laboratory laboratory;
  private final Artifact artifact;
  private final List<Tensor> inputs;
  private final Budget budget;
  private final Graph source;
  private final long startNanos;
  private int runs;

  /// @throws dev.faultline.graph.GraphException when the artifact cannot be read as a graph
  Bench(Laboratory laboratory, Artifact artifact, List<Tensor> inputs, Budget budget) {
    this(laboratory, artifact, NodeNames.complete(GraphReader.read(artifact.file())), inputs, budget);
  }

  /// @param source the artifact's graph with a name for every node
  Bench(Laboratory laboratory, Artifact artifact, Graph source, List<Tensor> inputs, Budget budget) {
    this.laboratory = laboratory;
    this.artifact = artifact;
    this.inputs = List.copyOf(inputs);
    this.budget = budget;
    this.startNanos = laboratory.nanoClock().getAsLong();
    this.source = source;
  }

  /// The artifact's graph with a name for every node.
  Graph source() {
    return source;
  }

  Cost cost() {
    return new Cost(runs, (laboratory.nanoClock().getAsLong() - startNanos) / 1e6);
  }

  /// Runs the artifact itself.
  Attempt original(LoadOptions options) {
    return budget.tryTake() ? attempt(artifact, options) : new Attempt.OutOfBudget();
  }

  /// Runs a graph made of the artifact's, not optimised.
  Attempt run(Graph graph) {
    return run(graph, new LoadOptions(1, Optimization.NONE));
  }

  Attempt run(Graph graph, LoadOptions options) {
    if (!budget.tryTake()) {
      return new Attempt.OutOfBudget();
    }
    try (CopyFolder folder = CopyFolder.of(laboratory.scratch())) {
      Path file = folder.write(graph, artifact.file());
      return attempt(new Artifact(artifact.model(), artifact.version(), file, artifact.digest()), options);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a copy of '" + artifact.file() + "' into '" + laboratory.scratch() + "'", e);
    }
  }

  /// Milliseconds that a run of a graph made of the artifact's takes, without loading it, and no more than the limit; negative when it
  /// cannot be run.
  double time(Graph graph, long limitMillis) {
    if (!budget.tryTake()) {
      return -1;
    }
    runs++;
    try (CopyFolder folder = CopyFolder.of(laboratory.scratch())) {
      var copy = new Artifact(artifact.model(), artifact.version(), folder.write(graph, artifact.file()), artifact.digest());
      try (LoadedModel model = laboratory.backend().load(copy, new LoadOptions(1, Optimization.NONE))) {
        return time(model, limitMillis);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a copy of '" + artifact.file() + "' into '" + laboratory.scratch() + "'", e);
    } catch (LoadException e) {
      return -1;
    }
  }

  private double time(LoadedModel model, long limitMillis) {
    var control = new RunControl();
    Thread watch = Thread.ofVirtual().unstarted(() -> stopAfter(limitMillis, control));
    long start = laboratory.nanoClock().getAsLong();
    watch.start();
    try {
      model.run(given(model), control);
    } catch (FaultException e) {
      return control.stopReason().isPresent() ? limitMillis : -1;
    } finally {
      watch.interrupt();
    }
    return (laboratory.nanoClock().getAsLong() - start) / 1e6;
  }

  private static void stopAfter(long millis, RunControl control) {
    try {
      Thread.sleep(millis);
      control.stop(RunControl.StopReason.TIMEOUT);
    } catch (InterruptedException e) {
      // the run ended in time
      Thread.currentThread().interrupt();
    }
  }

  private List<Tensor> given(LoadedModel model) {
    Set<String> taken = new LinkedHashSet<>();
    model.inputs().forEach(spec -> taken.add(spec.name()));
    return inputs.stream().filter(tensor -> taken.contains(tensor.name())).toList();
  }

  /// The tensors that these values of `graph` hold in a run, as far as they can be had.
  Values fetch(Graph graph, Set<String> wanted) {
    Values values = new Values();
    Set<String> computed = new LinkedHashSet<>();
    for (String value : wanted) {
      Optional<Tensor> known = input(value).or(() -> GraphConstants.find(graph, value));
      known.ifPresentOrElse(tensor -> values.add(value, tensor), () -> graph.findProducer(value).ifPresent(_ -> computed.add(value)));
    }
    if (!computed.isEmpty()) {
      fetch(graph, computed, values);
    }
    return values;
  }

  private void fetch(Graph graph, Set<String> computed, Values into) {
    if (!(run(ShapeProbe.of(graph, computed)) instanceof Attempt.Served(var shapes))) {
      eachAlone(graph, computed, into);
      return;
    }
    Set<String> fitting = new LinkedHashSet<>();
    long bytes = 0;
    for (String value : computed) {
      Shape shape = ShapeProbe.shape(shapes, value);
      into.measured(value, shape);
      long size = shape.elementCount() * Double.BYTES;
      if (bytes + size <= laboratory.valueBytesMax()) {
        bytes += size;
        fitting.add(value);
      }
    }
    if (!fitting.isEmpty() && run(GraphSlice.of(graph, fitting)) instanceof Attempt.Served(var tensors)) {
      tensors.forEach(into::add);
    }
  }

  /// One value may be no tensor, or need what fails; the others can be had without it.
  private void eachAlone(Graph graph, Set<String> computed, Values into) {
    if (computed.size() > 1) {
      computed.forEach(value -> fetch(graph, Set.of(value), into));
    }
  }

  Optional<Tensor> input(String value) {
    return inputs.stream().filter(tensor -> tensor.name().equals(value)).findFirst();
  }

  private Attempt attempt(Artifact copy, LoadOptions options) {
    runs++;
    try (LoadedModel model = laboratory.backend().load(copy, options)) {
      Map<String, Tensor> values = new LinkedHashMap<>();
      model.run(given(model), new RunControl()).outputs().forEach(tensor -> values.put(tensor.name(), tensor));
      return new Attempt.Served(values);
    } catch (LoadException e) {
      return new Attempt.Unloadable(String.valueOf(e.getMessage()));
    } catch (FaultException e) {
      return new Attempt.Failed(e.fault());
    }
  }

  /// What was learnt of values: tensors, and of those too large to bring out the shapes.
  static final class Values {
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Map<String, Shape> shapes = new HashMap<>();

    void add(String value, Tensor tensor) {
      tensors.put(value, tensor.renamed(value));
      shapes.put(value, tensor.shape());
    }

    void measured(String value, Shape shape) {
      shapes.put(value, shape);
    }

    Optional<Tensor> tensor(String value) {
      return Optional.ofNullable(tensors.get(value));
    }

    Optional<Shape> shape(String value) {
      return Optional.ofNullable(shapes.get(value));
    }
  }
}
