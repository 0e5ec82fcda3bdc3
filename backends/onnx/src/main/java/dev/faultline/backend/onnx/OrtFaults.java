package dev.faultline.backend.onnx;

import ai.onnxruntime.OrtException;
import dev.faultline.backend.onnx.EngineMessage.Place;
import dev.faultline.backend.onnx.SourceNodes.Located;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Thrown;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns what the engine says about a failed run into a fault.
///
/// The engine's error codes say little (most failures are `ORT_FAIL`), its words say node, operator and reason, so the words are read.
/// They stay in the evidence unchanged, for a reading of ours may be wrong.
final class OrtFaults {

  private static final Pattern MEMORY = Pattern.compile("(?i)bad_alloc|failed to allocate memory|out of memory");
  private static final Pattern REQUESTED = Pattern.compile("requested buffer of size (\\d+)");
  private static final Pattern NAMED_INPUT = Pattern.compile("(?:Got invalid dimensions|Invalid rank) for input: (.+?)(?: for the| Got:|$)", Pattern.MULTILINE);

  private final SourceNodes nodes;
  private final CallerBlame callers;

  OrtFaults(SourceNodes nodes, List<TensorSpec> inputs) {
    this.nodes = nodes;
    this.callers = new CallerBlame(inputs);
  }

  /// @param sent the inputs of the run by name
  InferFault of(OrtException thrown, Map<String, Tensor> sent) {
    return of(thrown.getCode().name(), String.valueOf(thrown.getMessage()), Thrown.of(thrown), sent);
  }

  InferFault of(String code, String verbatim, Thrown thrown, Map<String, Tensor> sent) {
    EngineMessage message = EngineMessage.of(verbatim);
    List<Evidence> evidence = List.of(new Evidence.Engine(Engine.NAME, code, verbatim));
    List<Thrown> causes = List.of(thrown);
    Optional<Place> place = message.innermost();
    if (MEMORY.matcher(message.reason()).find()) {
      return new InferFault.OutOfMemory(shortage(message.reason()), place.map(this::ref).stream().toList(), evidence, causes);
    }
    return place.isPresent()
        ? nodeFailed(place.get(), message.reason(), evidence, causes, sent)
        : new InferFault.Failed(message.reason(), Blame.MODEL, namedInput(message.reason(), sent), evidence, causes);
  }

  private InferFault nodeFailed(
      Place place, String reason, List<Evidence> engine, List<Thrown> causes, Map<String, Tensor> sent) {
    Optional<Located> node = nodes.find(place.name());
    Optional<Accusation> caller = node.flatMap(located -> callers.find(located, reason, sent));
    if (caller.isEmpty()) {
      return new InferFault.NodeFailed(ref(place), reason, Blame.MODEL, List.of(), engine, causes);
    }
    Accusation accusation = caller.get();
    List<Evidence> evidence = new ArrayList<>(accusation.evidence());
    evidence.addAll(engine);
    return new InferFault.NodeFailed(ref(place), accusation.reason(), Blame.CALLER, accusation.culprits(), evidence, causes);
  }

  /// The node of the file, or what the engine said where that leads to none.
  private NodeRef ref(Place place) {
    return nodes.find(place.name()).map(Located::ref).orElseGet(() -> new NodeRef(-1, place.name(), place.op(), ""));
  }

  private static String shortage(String reason) {
    Matcher requested = REQUESTED.matcher(reason);
    return requested.find() ? requested.group(1) + " bytes in one piece" : reason;
  }

  /// An input that does not fit the graph although it passed the contract came out of the steps in front of the model.
  private static List<Field> namedInput(String reason, Map<String, Tensor> sent) {
    Matcher named = NAMED_INPUT.matcher(reason);
    return named.find() && sent.containsKey(named.group(1)) ? List.of(Field.input(named.group(1), "")) : List.of();
  }
}
