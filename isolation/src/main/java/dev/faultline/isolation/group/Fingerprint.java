package dev.faultline.isolation.group;

import dev.faultline.fault.CheckFault;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.DefectFault;
import dev.faultline.fault.EncodeFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.PostprocessFault;
import dev.faultline.fault.PreprocessFault;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.RouteFault;
import dev.faultline.fault.StoppedFault;
import dev.faultline.fault.Thrown;
import dev.faultline.fault.ValidateFault;
import dev.faultline.request.Passage;
import dev.faultline.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What makes two faults the same. `coarse` names the group, `fine` a variant within it: the version, field and shape class.
///
/// Never part of it: engine error codes and fused node names (they change with optimisation level and engine version), line numbers,
/// ids, values. The algorithm's version stands in front, so that old groups keep their names when it changes.
public record Fingerprint(String coarse, String fine) {
  private static final String ALGORITHM = "v1";
  private static final int HEX_DIGITS = 16;
  private static final int FRAMES = 3;

  public static Fingerprint of(Fault fault, Passage passage) {
    String key = String.join("|", fault.code().label(), passage.model(), key(fault, passage, names(passage)));
    String coarse = ALGORITHM + ":" + hash(key);
    String variant = String.join("|", key, passage.version().version(), fault.field().map(Fingerprint::place).orElse(""), shapes(passage));
    return new Fingerprint(coarse, ALGORITHM + ":" + hash(variant));
  }

  private static String key(Fault fault, Passage passage, Set<String> names) {
    return switch (fault) {
      case DecodeFault.Json f -> place(f.where()) + "|" + MessageTemplate.of(f.summary(), names);
      case DecodeFault.BinaryLength f -> place(f.where());
      case DecodeFault.DataTypeUnsupported f -> place(f.where());
      case DecodeFault.EncodingUnsupported f -> f.header();
      case DecodeFault.TooLarge _ -> "";
      // a name the server does not know is the caller's text: it must not make a group of its own
      case RouteFault.ModelNotFound _ -> "";
      case RouteFault.VersionNotFound f -> f.model();
      case RouteFault.NotReady f -> f.model();
      case ValidateFault f -> place(f.breaches().getFirst().field());
      case PreprocessFault.StepFailed f -> f.stepName() + "|" + thrown(f.causes(), names);
      case PreprocessFault.Nonfinite f -> f.stepName();
      case PostprocessFault f -> f.stepName() + "|" + thrown(f.causes(), names);
      case QueueFault.Full _, QueueFault.Limited _, QueueFault.TooLate _, QueueFault.LanesLost _, QueueFault.Timeout _, QueueFault.Restarting _, QueueFault.Quarantined _ -> "";
      case InferFault.NodeFailed f -> node(f.at()) + "|" + MessageTemplate.of(f.reason(), names);
      case InferFault.Failed f -> MessageTemplate.of(f.reason(), names);
      case InferFault.Timeout _, InferFault.BatchBudget _ -> "";
      case InferFault.OutOfMemory f -> f.places().stream().findFirst().map(Fingerprint::node).orElse("");
      case InferFault.Crashed f -> death(f.evidence());
      // what one version changed against another shows in several outputs, and in which first depends on the request
      case CheckFault f when f.code() == FaultCode.CHECK_MISMATCH -> passage.version().version() + " and " + against(f.evidence());
      case CheckFault f -> place(f.at()) + "|" + f.nodes().stream().findFirst().map(Fingerprint::node).orElse("");
      case EncodeFault f -> f.places().stream().findFirst().map(Fingerprint::place).orElse("") + "|" + MessageTemplate.of(f.reason(), names);
      case StoppedFault.Cancelled _, StoppedFault.DeadlinePassed _ -> "";
      case DefectFault f -> thrown(List.of(f.cause()), names);
    };
  }

  /// A field without its row: tensor and column.
  private static String place(Field field) {
    if (field.tensor().isEmpty()) {
      return field.path().replaceAll("[0-9]+", "*");
    }
    return field.column().isEmpty() ? field.tensor() : field.tensor() + "." + field.column();
  }

  private static String node(NodeRef node) {
    return node.op() + " " + node.name();
  }

  /// Where in native code, or by which signal: one kernel's bug is one group whatever the input was.
  private static String death(List<Evidence> evidence) {
    return evidence.stream()
        .flatMap(each -> each instanceof Evidence.Death death ? Stream.of(death.signal() + "|" + death.place()) : Stream.empty())
        .findFirst()
        .orElse("");
  }

  private static String against(List<Evidence> evidence) {
    return evidence.stream().flatMap(each -> each instanceof Evidence.Compared compared ? Stream.of(compared.version()) : Stream.empty()).findFirst().orElse("");
  }

  private static String thrown(List<Thrown> causes, Set<String> names) {
    return causes.stream().findFirst().map(thrown -> thrown(thrown, names)).orElse("");
  }

  private static String thrown(Thrown thrown, Set<String> names) {
    List<String> frames = thrown.frames().stream().limit(FRAMES).map(Fingerprint::withoutLine).toList();
    return thrown.type() + "|" + MessageTemplate.of(thrown.message(), names) + "|" + String.join(",", frames);
  }

  private static String withoutLine(String frame) {
    int parenthesis = frame.indexOf('(');
    return parenthesis < 0 ? frame : frame.substring(0, parenthesis);
  }

  private static Set<String> names(Passage passage) {
    var names = new HashSet<String>();
    passage.request().ifPresent(request -> request.inputs().forEach(input -> names.add(input.name())));
    passage.engineInputs().forEach(tensor -> names.add(tensor.name()));
    passage.outputs().forEach(tensor -> names.add(tensor.name()));
    return names;
  }

  /// The shape class: rank and the power of two of the batch.
  private static String shapes(Passage passage) {
    var text = new StringBuilder();
    for (Tensor tensor : passage.engineInputs()) {
      long batch = tensor.shape().rank() == 0 ? 1 : tensor.shape().extent(0);
      text.append(tensor.shape().rank()).append(':').append(64 - Long.numberOfLeadingZeros(batch)).append(' ');
    }
    return text.toString();
  }

  private static String hash(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HEX_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
