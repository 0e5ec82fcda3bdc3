package dev.faultline.isolation.attribute;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A decoded request as readings by dimension, one for each row: `field:<tensor>.<column>` where the contract names columns,
/// `field:<tensor>[3]` where it fixes how many there are, `field:<tensor>` otherwise; `shape:<tensor>` and `batch_size`.
///
/// A JSON value that did not fit is read as what it was. Of more values than attribution looks at, the extremes and what is not finite
/// stand for all. Where a request came from (`version`, `client`, ...) is for the caller to add.
public final class ReadingsFromRequest {
  /// Columns of one tensor that are dimensions of their own; a tensor with more is one dimension.
  public static final int COLUMNS_MAX = 512;

  private final Map<String, List<Reading>> readings = new LinkedHashMap<>();
  private final Contract contract;

  private ReadingsFromRequest(Contract contract) {
    this.contract = contract;
  }

  public static Map<String, List<Reading>> of(InferenceRequest request, Contract contract) {
    var reader = new ReadingsFromRequest(contract);
    request.inputs().forEach(reader::read);
    request.inputs().stream()
        .map(input -> input.tensor().shape())
        .filter(shape -> shape.rank() > 0)
        .findFirst()
        .ifPresent(shape -> reader.readings.put("batch_size", List.of(Reading.of(shape.extent(0)))));
    return reader.readings;
  }

  private void read(InputTensor input) {
    Shape shape = input.tensor().shape();
    readings.put("shape:" + input.name(), List.of(extents(shape)));
    List<String> columns = columns(input, shape);
    if (columns.isEmpty()) {
      readings.put("field:" + input.name(), new Values(input).of(0, 1));
      return;
    }
    var values = new Values(input);
    for (int column = 0; column < columns.size(); column++) {
      readings.put("field:" + input.name() + columns.get(column), values.of(column, columns.size()));
    }
  }

  private static Reading extents(Shape shape) {
    var extents = new ArrayList<Long>(shape.rank());
    for (long extent : shape.toArray()) {
      extents.add(extent);
    }
    return new Reading.Extents(extents);
  }

  /// What stands behind the tensor's name for each column; none where elements are of one kind, such as the tokens of a text.
  private List<String> columns(InputTensor input, Shape shape) {
    TensorSpec spec = contract.findInput(input.name()).orElse(TensorSpec.of(input.name(), input.tensor().type(), List.of()));
    int width = (int) Math.min(shape.lastExtent(), COLUMNS_MAX + 1);
    if (shape.rank() < 2 || width > COLUMNS_MAX) {
      return List.of();
    }
    if (spec.columns().size() == width) {
      return spec.columns().stream().map(column -> "." + column).toList();
    }
    boolean fixed = shape.rank() == 2 && !spec.dimensions().isEmpty() && spec.dimensions().getLast() instanceof Dimension.Fixed;
    return fixed && width > 1 ? java.util.stream.IntStream.range(0, width).mapToObj(index -> "[" + index + "]").toList() : List.of();
  }

  /// The elements of one input, what did not fit as what it was.
  private static final class Values {
    private final Tensor tensor;
    private final Map<Integer, Misfit> misfits = new HashMap<>();

    Values(InputTensor input) {
      tensor = input.tensor();
      input.misfits().forEach(misfit -> misfits.put(misfit.flat(), misfit));
    }

    /// Every `step`-th element from `start` on.
    List<Reading> of(int start, int step) {
      int count = Math.ceilDiv(Math.max(0, tensor.count() - start), step);
      boolean all = count <= Column.READINGS_MAX || tensor.type() == DataType.BYTES;
      var readings = new ArrayList<Reading>();
      for (int i = 0; all && i < Math.min(count, Column.READINGS_MAX); i++) {
        readings.add(at(start + i * step));
      }
      return all ? readings : telling(start, step);
    }

    /// The least, the greatest, and the first of each kind of value that is no number.
    private List<Reading> telling(int start, int step) {
      var found = new LinkedHashMap<String, Reading>();
      double least = Double.POSITIVE_INFINITY;
      double greatest = Double.NEGATIVE_INFINITY;
      for (int flat = start; flat < tensor.count(); flat += step) {
        double value = tensor.doubleAt(flat);
        if (misfits.containsKey(flat)) {
          found.putIfAbsent(at(flat).toString(), at(flat));
        } else if (!Double.isFinite(value)) {
          found.putIfAbsent(Double.toString(value), at(flat));
        } else {
          if (value < least) {
            least = value;
            found.put("least", at(flat));
          }
          if (value > greatest) {
            greatest = value;
            found.put("greatest", at(flat));
          }
        }
      }
      return List.copyOf(found.values());
    }

    private Reading at(int flat) {
      Misfit misfit = misfits.get(flat);
      return misfit == null ? fitting(flat) : asItWas(misfit);
    }

    private Reading fitting(int flat) {
      return switch (tensor.type()) {
        case BYTES -> Reading.of(tensor.textAt(flat));
        case BOOL -> Reading.of(tensor.longAt(flat) != 0);
        // the shortest decimal that the float stands for, so that 0.1 reads 0.1
        case FP16, BF16, FP32, FP64 -> Reading.of(Double.parseDouble(tensor.textAt(flat)));
        case UINT64 -> tensor.longAt(flat) < 0 ? Reading.of(tensor.doubleAt(flat)) : Reading.of(tensor.longAt(flat));
        case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Reading.of(tensor.longAt(flat));
      };
    }
  }

  /// What a caller sent instead of an element: null, a truth, a text without its quotation marks, a number that does not fit.
  public static Reading asItWas(Misfit misfit) {
    String got = misfit.got();
    boolean quoted = got.length() > 1 && got.startsWith("\"") && got.endsWith("\"");
    return switch (misfit.kind()) {
      case NULL -> Reading.NULL;
      case WRONG_TYPE -> got.equals("true") || got.equals("false") ? Reading.of(got.equals("true")) : Reading.of(quoted ? got.substring(1, got.length() - 1) : got);
      case NOT_INTEGRAL, OUT_OF_RANGE -> number(got);
    };
  }

  private static Reading number(String got) {
    try {
      return Reading.of(Double.parseDouble(got));
    } catch (NumberFormatException e) {
      // shortened by DECODE: a number of very many digits
      return Reading.of(got);
    }
  }
}
