package dev.faultline.isolation.rule;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What good requests of a version held, field by field: a tensor is one field, or one for each named column.
///
/// Used by one thread. Its memory is bounded by the fields, not by the requests.
public final class Survey {
  /// A wider tensor is looked at as a whole.
  static final int COLUMNS_MAX = 1_000;

  private final Contract contract;
  private final Predicate<FieldRef> isHidden;
  private final Map<String, List<Column>> inputs = new LinkedHashMap<>();
  private int requests;

  /// A field of one input; nobody looks at what is hidden.
  private record Column(FieldRef field, @Nullable FieldSurvey survey) {}

  /// Fields for which `isHidden` holds are not looked at: what is kept of them is not what was sent.
  public Survey(Contract contract, Predicate<FieldRef> isHidden) {
    this.contract = contract;
    this.isHidden = isHidden;
    contract.inputs().forEach(spec -> inputs.put(spec.name(), columns(spec)));
  }

  public int requests() {
    return requests;
  }

  /// A request that the contract accepted and the version served.
  public void add(InferenceRequest request) {
    for (InputTensor input : request.inputs()) {
      List<Column> columns = inputs.getOrDefault(input.name(), List.of());
      boolean fits = columns.size() == 1 || (input.tensor().shape().rank() > 0 && input.tensor().shape().lastExtent() == columns.size());
      if (!columns.isEmpty() && fits && isReadable(input)) {
        add(input, columns);
      }
    }
    requests++;
  }

  /// @param riskMax the largest share of good requests that a rule may be expected to refuse
  public List<FieldLesson> lessons(double riskMax) {
    var lessons = new ArrayList<FieldLesson>();
    inputs.forEach((name, columns) -> columns.forEach(column -> lessons.add(lesson(name, column, riskMax))));
    return lessons;
  }

  private FieldLesson lesson(String input, Column column, double riskMax) {
    Optional<TensorSpec> spec = contract.findInput(input);
    if (column.survey() == null) {
      return new FieldLesson(column.field(), spec.map(each -> each.type().name()).orElse(""), "", List.of(), List.of("hidden by redaction: nothing is learnt"), List.of());
    }
    FieldLesson lesson = column.survey().lesson(Known.of(contract, column.field()), riskMax);
    return spec.filter(Survey::couldNameColumns).isPresent()
        ? lesson.with("its last axis has %s values of a row, looked at together: 'columns' in contract.yaml gives each a name and rules of its own".formatted(spec.get().dimensions().getLast()))
        : lesson;
  }

  /// A table without names: a few values in a row, each of which is likely to mean something else.
  private static boolean couldNameColumns(TensorSpec spec) {
    long width = spec.dimensions().isEmpty() ? 0 : spec.dimensions().getLast().wireExtent();
    return spec.columns().isEmpty() && spec.dimensions().size() == 2 && width > 1 && width <= COLUMNS_MAX;
  }

  private void add(InputTensor input, List<Column> columns) {
    Set<Integer> misfits = new HashSet<>();
    input.misfits().forEach(misfit -> misfits.add(misfit.flat()));
    for (int flat = 0; flat < input.tensor().count(); flat++) {
      FieldSurvey survey = columns.get(flat % columns.size()).survey();
      if (survey != null && misfits.contains(flat)) {
        survey.addMissing();
      } else if (survey != null) {
        survey.add(input.tensor(), flat, requests);
      }
    }
    columns.forEach(column -> {
      if (column.survey() != null) {
        column.survey().endRequest(requests);
      }
    });
  }

  /// Of more misfits than are listed nobody knows which elements they are.
  private static boolean isReadable(InputTensor input) {
    return input.misfitCount() == input.misfits().size() && input.misfits().stream().allMatch(misfit -> misfit.kind() == Misfit.Kind.NULL);
  }

  private List<Column> columns(TensorSpec spec) {
    boolean named = !spec.columns().isEmpty() && spec.columns().size() <= COLUMNS_MAX;
    if (!named) {
      // a tensor of which a column is hidden is not what was sent either
      boolean hidden = isHidden.test(FieldRef.of(spec.name()));
      return List.of(column(FieldRef.of(spec.name()), spec.type(), hidden));
    }
    return spec.columns().stream().map(name -> new FieldRef(spec.name(), name)).map(field -> column(field, spec.type(), isHidden.test(field))).toList();
  }

  private static Column column(FieldRef field, DataType type, boolean hidden) {
    return new Column(field, hidden ? null : type == DataType.BYTES ? new TextSurvey() : new NumberSurvey(type));
  }
}
