package dev.faultline.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.FaultException;
import dev.faultline.graph.Graph;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An ONNX model in memory. Runs at once on one session are independent of each other; closing while one is under way would kill the
/// process, so whoever closes drains first.
public final class OnnxModel implements LoadedModel {

  private final Graph graph;
  private final OrtSession session;
  private final List<Watch> watches;
  private final Signature signature;
  private final Map<String, String> aliases;
  private final Hazards hazards;
  private final OrtFaults faults;
  private final Set<String> wanted = new LinkedHashSet<>();

  /// @param graph with a name for every node
  OnnxModel(Graph graph, OrtSession session, List<Watch> watches, Signature signature) {
    SourceNodes nodes = SourceNodes.of(graph);
    this.graph = graph;
    this.session = session;
    this.watches = List.copyOf(watches);
    this.signature = signature;
    this.aliases = UnsignedInputs.aliases(graph);
    this.hazards = Hazards.of(nodes, signature.inputs());
    this.faults = new OrtFaults(nodes, signature.inputs());
    signature.outputs().forEach(output -> wanted.add(output.name()));
    watches.forEach(watch -> wanted.add(watch.value()));
  }

  @Override
  public List<TensorSpec> inputs() {
    return signature.inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return signature.outputs();
  }

  /// Names of outputs whose number of dimensions nobody knows before a run; their spec has no dimensions.
  public Set<String> unrankedOutputs() {
    return signature.unranked();
  }

  @Override
  public ModelFacts facts() {
    return OnnxFacts.of(graph, hazards);
  }

  /// The model's graph as its file states it, with a name for every node. Indexes and names in faults are those of this graph.
  public Graph graph() {
    return graph;
  }

  /// Places where some input would make the engine kill the process.
  public List<Hazard> hazards() {
    return hazards.all();
  }

  @Override
  public RunResult run(List<Tensor> inputs, RunControl control) {
    Map<String, Tensor> sent = new LinkedHashMap<>();
    inputs.forEach(input -> sent.put(input.name(), input));
    InputCheck.requireComplete(signature.inputs(), sent);
    hazards.requireHarmless(sent);
    try (RunInputs fed = new RunInputs()) {
      for (Tensor input : inputs) {
        fed.add(aliases.getOrDefault(input.name(), input.name()), input);
      }
      return run(fed, control);
    } catch (OrtException e) {
      throw new FaultException(faults.of(e, sent), e);
    }
  }

  private RunResult run(RunInputs fed, RunControl control) throws OrtException {
    try (RunOptions options = new RunOptions()) {
      control.attach(() -> terminate(options));
      try (OrtSession.Result result = session.run(fed.byName(), wanted, options)) {
        return read(result);
      } finally {
        control.detach();
      }
    }
  }

  private RunResult read(OrtSession.Result result) throws OrtException {
    List<Tensor> outputs = new ArrayList<>();
    for (TensorSpec output : signature.outputs()) {
      outputs.add(TensorFromOrt.copy(output.name(), result.get(outputs.size())));
    }
    List<RunResult.Watched> watched = new ArrayList<>();
    for (int i = 0; i < watches.size(); i++) {
      watches.get(i).look(result.get(outputs.size() + i)).ifPresent(watched::add);
    }
    return new RunResult(outputs, watched);
  }

  private static void terminate(RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new IllegalStateException("the engine refused to stop a run", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the engine refused to close a session", e);
    }
  }
}
