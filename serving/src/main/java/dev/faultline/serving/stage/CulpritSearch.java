package dev.faultline.serving.stage;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.FiniteScan;
import dev.faultline.tensor.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Which fields of a request a non-finite output comes from: those that are missing or not finite in the same rows.
///
/// First stand fields that are missing in every bad row and in no good one; then those missing in the first bad row; then by the
/// number of bad rows they share, good rows they share counting against them. This is evidence of one request, not proof: an
/// investigation replays with the field put right.
///
/// Who must act follows from the contract. A field that it declares nullable may be missing, so a version that answers NaN breaks its
/// own promise: the model is to blame. A NaN or infinity that no rule mentions is something the version never promised to
/// understand: the caller is to blame. Where the likeliest fields are of both kinds the model is, because a caller must not be blamed
/// on a tie.
final class CulpritSearch {
  static final int FIELDS_MAX = 8;
  private static final int COLUMNS_MAX = 256;

  private final Map<String, TensorSpec> specs;
  private final Set<FieldRef> nullable;

  CulpritSearch(Contract contract) {
    this.specs = contract.inputs().stream().collect(Collectors.toUnmodifiableMap(TensorSpec::name, spec -> spec, (a, _) -> a));
    this.nullable = contract.rules().stream().filter(Rule.Nullable.class::isInstance).map(Rule::field).collect(Collectors.toUnmodifiableSet());
  }

  /// One field of the request and the rows in which it is missing; `flat` is its first element in a bad row.
  private static final class Suspect {
    final InputTensor input;
    final List<String> columns;
    final BitSet rows = new BitSet();
    int flat = -1;

    Suspect(InputTensor input, List<String> columns) {
      this.input = input;
      this.columns = columns;
    }
  }

  Culprits find(InferenceRequest request, BitSet badRows, long rowCount) {
    var suspects = new ArrayList<Suspect>();
    for (InputTensor input : request.inputs()) {
      suspects.addAll(suspects(input, badRows, rowCount));
    }
    if (suspects.isEmpty() || badRows.isEmpty()) {
      return Culprits.NONE;
    }
    suspects.sort(likeliestFirst(badRows));
    boolean exact = suspects.getFirst().rows.equals(badRows);
    boolean allowed = suspects.stream().filter(each -> !exact || each.rows.equals(badRows)).anyMatch(this::mayBeMissing);
    return new Culprits(
        suspects.stream().limit(FIELDS_MAX).map(each -> each.input.field(each.flat, each.columns)).toList(),
        allowed ? Blame.MODEL : Blame.CALLER,
        mayBeMissing(suspects.getFirst()));
  }

  private static Comparator<Suspect> likeliestFirst(BitSet badRows) {
    return Comparator.comparing((Suspect each) -> !each.rows.equals(badRows))
        .thenComparing(each -> !each.rows.get(badRows.nextSetBit(0)))
        .thenComparingInt(each -> -shared(each.rows, badRows))
        .thenComparingInt(each -> each.rows.cardinality());
  }

  private List<Suspect> suspects(InputTensor input, BitSet badRows, long rowCount) {
    Shape shape = input.tensor().shape();
    TensorSpec spec = specs.get(input.name());
    boolean named = spec != null && shape.rank() > 0 && shape.lastExtent() == spec.columns().size();
    List<String> columns = named && spec != null ? spec.columns() : List.of();
    boolean byRow = shape.rank() > 0 && shape.extent(0) == rowCount;
    boolean byColumn = byRow && shape.rank() == 2;
    var suspects = new TreeMap<Integer, Suspect>();
    missing(input)
        .forEach(
            flat -> {
              int column = byColumn ? (int) (flat % shape.lastExtent()) : 0;
              if (suspects.size() < COLUMNS_MAX || suspects.containsKey(column)) {
                var suspect = suspects.computeIfAbsent(column, _ -> new Suspect(input, columns));
                mark(suspect, flat, byRow ? (int) shape.row(flat) : -1, badRows, rowCount);
              }
            });
    return suspects.values().stream().filter(each -> each.flat >= 0).toList();
  }

  /// Row -1 stands for a tensor that is not laid out by row, which concerns every row.
  private static void mark(Suspect suspect, int flat, int row, BitSet badRows, long rowCount) {
    if (row < 0) {
      suspect.rows.set(0, (int) rowCount);
    } else {
      suspect.rows.set(row);
    }
    if (suspect.flat < 0 && (row < 0 || badRows.get(row))) {
      suspect.flat = flat;
    }
  }

  /// Flat indices of elements that are NaN, infinite or null, ascending.
  private static List<Integer> missing(InputTensor input) {
    var missing = new ArrayList<Integer>();
    if (input.tensor().type().isFloating()) {
      for (int at = FiniteScan.next(input.tensor(), 0); at >= 0; at = FiniteScan.next(input.tensor(), at + 1)) {
        missing.add(at);
      }
    } else {
      input.misfits().stream().filter(each -> each.kind() == Misfit.Kind.NULL).map(Misfit::flat).sorted().forEach(missing::add);
    }
    return missing;
  }

  private boolean mayBeMissing(Suspect suspect) {
    boolean infinite = suspect.input.tensor().type().isFloating() && Double.isInfinite(suspect.input.tensor().doubleAt(suspect.flat));
    String column = suspect.input.field(suspect.flat, suspect.columns).column();
    String name = suspect.input.name();
    return !infinite && (nullable.contains(FieldRef.of(name)) || (!column.isEmpty() && nullable.contains(new FieldRef(name, column))));
  }

  private static int shared(BitSet a, BitSet b) {
    var both = (BitSet) a.clone();
    both.and(b);
    return both.cardinality();
  }
}
