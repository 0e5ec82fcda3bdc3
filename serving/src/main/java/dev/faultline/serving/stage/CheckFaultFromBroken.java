package dev.faultline.serving.stage;

import dev.faultline.fault.Blame;
import dev.faultline.fault.CheckFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Field;
import dev.faultline.fault.Mend;
import dev.faultline.fault.NodeRef;
import dev.faultline.request.InferenceRequest;
import dev.faultline.tensor.TensorSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Makes the fault of a broken promise: adds the node, the request's fields, evidence, and what to do.
final class CheckFaultFromBroken {
  private static final int OTHERS_MAX = 16;

  private final CulpritSearch culprits;
  private final Predicate<String> isHidden;
  private final boolean hidesInputs;
  private final String source;

  /// Where an input is hidden, inner values are not summarised either: of a single row the summary is the value.
  CheckFaultFromBroken(CulpritSearch culprits, Predicate<String> isHidden, boolean hidesInputs, String source) {
    this.culprits = culprits;
    this.isHidden = isHidden;
    this.hidesInputs = hidesInputs;
    this.source = source;
  }

  /// `others` are what else the same answer broke; they stand in the evidence, since a fault that is thrown carries no suspicions.
  CheckFault fault(BrokenPromise promise, List<BrokenPromise> others, InferenceRequest request) {
    Broken broken = promise.broken();
    Culprits from = broken.isNonfinite() ? culprits.find(request, broken.rows(), broken.rowCount()) : Culprits.NONE;
    List<NodeRef> nodes = promise.laundered().stream().map(each -> each.watched().producer()).distinct().toList();
    return new CheckFault(
        broken.code(),
        broken.at(),
        broken.got(),
        broken.want(),
        broken.count(),
        from.blame(),
        nodes,
        from.fields(),
        evidence(promise, others),
        mend(from, nodes));
  }

  private List<Evidence> evidence(BrokenPromise promise, List<BrokenPromise> others) {
    var evidence = new ArrayList<Evidence>();
    for (Laundered each : promise.laundered()) {
      evidence.add(each.swallowed());
      if (!hidesInputs) {
        evidence.add(new Evidence.Summary("node " + each.watched().producer().name(), TensorSummary.of(each.watched().tensor())));
      }
    }
    if (!isHidden.test(promise.broken().output().name())) {
      evidence.add(new Evidence.Summary("output", TensorSummary.of(promise.broken().output())));
    }
    others.stream().limit(OTHERS_MAX).map(BrokenPromise::broken).forEach(each -> evidence.add(new Evidence.Value(each.sentence(), each.want(), source)));
    return evidence;
  }

  private static List<Mend> mend(Culprits from, List<NodeRef> nodes) {
    if (from.fields().isEmpty()) {
      return List.of();
    }
    Field field = from.fields().getFirst();
    String name = "'" + (field.column().isEmpty() ? field.tensor() : field.tensor() + "." + field.column()) + "'";
    if (from.allowed()) {
      String before = nodes.isEmpty() ? "before the model" : "before node " + nodes.getFirst().name();
      return List.of(Mend.of("impute " + name + " " + before + ", or refuse rows without it: remove `nullable` from " + name + " in contract.yaml"));
    }
    String text = from.blame() == Blame.CALLER ? "send a finite number for " : "refuse what is not finite in ";
    return List.of(Mend.of(text + name + "; to refuse it before the model, declare `" + declaration(field) + "` in contract.yaml"));
  }

  private static String declaration(Field field) {
    String finite = "{finite: true}";
    String inner = field.column().isEmpty() ? finite : "{fields: {" + field.column() + ": " + finite + "}}";
    return "inputs: {" + field.tensor() + ": " + inner + "}";
  }
}
