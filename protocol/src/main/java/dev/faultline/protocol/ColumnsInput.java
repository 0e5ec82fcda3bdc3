package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// The only input of a model, whose last axis has named columns: each record member is one column.
final class ColumnsInput implements V1Input {
  private static final int NEVER = -1;

  private final TensorSpec spec;
  private final Absences absences;
  private final ElementSink sink;
  private final int width;
  /// For each column the last row that had it.
  private final int[] lastRow;

  private int rows;

  ColumnsInput(TensorSpec spec, Absences absences) {
    this.spec = spec;
    this.absences = absences;
    this.width = spec.columns().size();
    this.sink = new ElementSink(spec.type(), Integer.MAX_VALUE);
    this.lastRow = new int[width];
    Arrays.fill(lastRow, NEVER);
  }

  @Override
  public List<String> members() {
    return spec.columns();
  }

  @Override
  public void put(JsonParser parser, int member, int row) throws IOException {
    begin(row);
    lastRow[member] = row;
    sink.put(parser, row * width + member);
  }

  @Override
  public void end(int row) {
    begin(row);
    for (int column = 0; column < width; column++) {
      if (lastRow[column] != row) {
        absences.add();
        sink.putAbsent(row * width + column);
      }
    }
  }

  @Override
  public boolean isPresent() {
    return V1Input.isPresent(spec.presence(), rows > 0);
  }

  @Override
  public InputTensor tensor(int count, Layout layout, int position) {
    return sink.tensor(spec.name(), Shape.of(count, width), layout, position, "");
  }

  private void begin(int row) {
    if (rows == row) {
      sink.grow(width);
      rows++;
    }
  }
}
