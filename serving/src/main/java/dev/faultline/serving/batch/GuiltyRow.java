package dev.faultline.serving.batch;

import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds whose row the engine named when a batch failed, and says a batch's fault in the words of one request.
final class GuiltyRow {
  private GuiltyRow() {}

  /// The member whose row stands in the fault.
  ///
  /// @param members in the order in which they were joined
  static Optional<Member> named(RuntimeException thrown, List<Member> members) {
    long row = thrown instanceof FaultException e ? row(e.fault()) : -1;
    long first = 0;
    for (Member member : members) {
      if (row >= first && row < first + member.rows) {
        return Optional.of(member);
      }
      first += member.rows;
    }
    return Optional.empty();
  }

  /// The fault as the member would have had it alone: rows counted from its own first one.
  static RuntimeException ofMember(RuntimeException thrown, List<Member> members, Member member, Evidence.Batch evidence) {
    if (!(thrown instanceof FaultException e)) {
      return thrown;
    }
    int first = members.stream().takeWhile(each -> each != member).mapToInt(each -> each.rows).sum();
    return new FaultException(own(e.fault(), first, member, evidence), e);
  }

  private static long row(Fault fault) {
    return culprits(fault).stream().map(Field::row).findFirst().orElse(-1L);
  }

  private static List<Field> culprits(Fault fault) {
    return switch (fault) {
      case InferFault.NodeFailed f -> f.culprits();
      case InferFault.Failed f -> f.culprits();
      case Fault _ -> List.of();
    };
  }

  private static Fault own(Fault fault, int first, Member member, Evidence.Batch batch) {
    return switch (fault) {
      case InferFault.NodeFailed f ->
          new InferFault.NodeFailed(f.at(), f.reason(), f.blame(), own(f.culprits(), first, member), with(f.evidence(), batch), f.causes());
      case InferFault.Failed f -> new InferFault.Failed(f.reason(), f.blame(), own(f.culprits(), first, member), with(f.evidence(), batch), f.causes());
      case InferFault.OutOfMemory f -> new InferFault.OutOfMemory(f.reason(), f.places(), with(f.evidence(), batch), f.causes());
      case Fault other -> other;
    };
  }

  private static List<Evidence> with(List<Evidence> evidence, Evidence.Batch batch) {
    var all = new ArrayList<>(evidence);
    all.add(batch);
    return all;
  }

  private static List<Field> own(List<Field> culprits, int first, Member member) {
    return culprits.stream().flatMap(culprit -> own(culprit, first, member).stream()).toList();
  }

  private static Optional<Field> own(Field culprit, int first, Member member) {
    if (culprit.index().isEmpty()) {
      return Optional.of(culprit);
    }
    Optional<Tensor> input = member.inputs().stream().filter(each -> each.name().equals(culprit.tensor())).findFirst();
    long row = culprit.row() - first;
    return input
        .filter(tensor -> row >= 0 && row < member.rows && tensor.shape().rank() == culprit.index().size())
        .map(tensor -> element(tensor, row, culprit.index()));
  }

  private static Field element(Tensor tensor, long row, List<Long> index) {
    Shape shape = tensor.shape();
    long flat = row;
    for (int axis = 1; axis < shape.rank(); axis++) {
      flat = flat * shape.extent(axis) + index.get(axis);
    }
    return Field.inputElement(tensor.name(), shape, flat, List.of(), "");
  }
}
