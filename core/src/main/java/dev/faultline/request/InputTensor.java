package dev.faultline.request;

import dev.faultline.fault.Field;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// One input as decoded: the tensor, what did not fit it, and how its elements are found again in the payload.
///
/// A misfit element holds NaN in a floating tensor, otherwise zero or the empty text. `misfitCount` counts all of them; the list is
/// bounded for each kind by itself, so that many missing values cannot hide one of a wrong type. `sizeBreach` is empty, or says how the
/// data contradicts the shape (then the tensor is empty, with shape [0]).
public record InputTensor(
    Tensor tensor, Layout layout, int position, List<Misfit> misfits, int misfitCount, String sizeBreach) {

  /// Where elements stand in the payload.
  public enum Layout {
    /// `/inputs/0/data/15`
    FLAT,
    /// `/inputs/0/data/3/1`
    NESTED,
    /// KServe V1 records: `/instances/3/age`
    RECORDS,
    /// KServe V1 rows: `/instances/3/1`
    ROWS,
    /// Typed contents of a gRPC message, in its JSON form: `/inputs/0/contents/fp32_contents/15`
    CONTENTS,
    /// Not JSON: no pointers
    BINARY
  }

  public InputTensor {
    misfits = List.copyOf(misfits);
  }

  public static InputTensor of(Tensor tensor, Layout layout, int position) {
    return new InputTensor(tensor, layout, position, List.of(), 0, "");
  }

  public String name() {
    return tensor.name();
  }

  /// Pointer to the whole input.
  public String pointer() {
    return switch (layout) {
      case FLAT, NESTED, CONTENTS -> "/inputs/" + position;
      case RECORDS, ROWS -> "/instances";
      case BINARY -> "";
    };
  }

  public Field field() {
    return Field.input(name(), pointer());
  }

  /// The element at a flat index, named by `columns` where they fit.
  public Field field(long flat, List<String> columns) {
    return Field.inputElement(name(), tensor.shape(), flat, columns, pointer(flat, columns));
  }

  private String pointer(long flat, List<String> columns) {
    Shape shape = tensor.shape();
    return switch (layout) {
      case FLAT -> "/inputs/" + position + "/data/" + flat;
      case NESTED -> "/inputs/" + position + "/data" + steps(shape.coordinates(flat));
      case ROWS -> "/instances" + steps(row(shape, flat));
      case RECORDS -> record(shape, flat, columns);
      case CONTENTS -> "/inputs/" + position + "/contents/" + contents() + "/" + flat;
      case BINARY -> "";
    };
  }

  /// A row of one value may stand without brackets, so that its pointer stops at the row.
  private static List<Long> row(Shape shape, long flat) {
    List<Long> at = shape.coordinates(flat);
    return at.size() > 1 && shape.elementCount() == shape.extent(0) ? at.subList(0, 1) : at;
  }

  /// The member of the gRPC protocol's `InferTensorContents` that holds this data type.
  private String contents() {
    return switch (tensor.type()) {
      case BOOL -> "bool_contents";
      case INT8, INT16, INT32 -> "int_contents";
      case INT64 -> "int64_contents";
      case UINT8, UINT16, UINT32 -> "uint_contents";
      case UINT64 -> "uint64_contents";
      case FP32 -> "fp32_contents";
      case FP64 -> "fp64_contents";
      case BYTES -> "bytes_contents";
      case FP16, BF16 -> throw new IllegalStateException(tensor + " has no typed contents in the protocol");
    };
  }

  private String record(Shape shape, long flat, List<String> columns) {
    List<Long> at = shape.coordinates(flat);
    if (at.isEmpty()) {
      return "/instances";
    }
    int last = at.getLast().intValue();
    String row = "/instances/" + at.getFirst() + "/";
    if (columns.isEmpty()) {
      // a trailing axis of one is how a scalar member travels
      return row + escaped(name()) + (shape.elementCount() == shape.extent(0) ? "" : steps(at.subList(1, at.size())));
    }
    return row + escaped(columns.get(last));
  }

  private static String steps(List<Long> coordinates) {
    var text = new StringBuilder();
    for (long each : coordinates) {
      text.append('/').append(each);
    }
    return text.toString();
  }

  private static String escaped(String member) {
    return member.replace("~", "~0").replace("/", "~1");
  }
}
