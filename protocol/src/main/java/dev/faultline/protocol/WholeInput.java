package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.tensor.Shape;
import java.io.IOException;
import java.util.List;

/// An input that a record holds under its own name, or that a plain row is.
final class WholeInput implements V1Input {
  private final TensorSpec spec;
  private final Absences absences;
  private final RowShape shape;
  private final ElementSink sink;
  private int rows;
  private boolean started;
  private String breach = "";

  WholeInput(TensorSpec spec, Absences absences) {
    this.spec = spec;
    this.absences = absences;
    this.shape = new RowShape(spec);
    this.sink = new ElementSink(spec.type(), Integer.MAX_VALUE);
  }

  @Override
  public List<String> members() {
    return List.of(spec.name());
  }

  @Override
  public void put(JsonParser parser, int member, int row) throws IOException {
    started = true;
    while (rows < row) {
      absent();
    }
    if (breach.isEmpty()) {
      breach(shape.read(parser, sink));
    } else {
      parser.skipChildren();
    }
    rows++;
  }

  @Override
  public void end(int row) {
    if (isPresent() && rows <= row) {
      absent();
    }
  }

  @Override
  public boolean isPresent() {
    return V1Input.isPresent(spec.presence(), started);
  }

  @Override
  public InputTensor tensor(int count, Layout layout, int position) {
    return sink.tensor(spec.name(), breach.isEmpty() ? shape.of(count) : Shape.SCALAR, layout, position, breach);
  }

  /// One missing value is a misfit; a missing row of several is a contradiction, so that storage never grows by a contract's extents.
  private void absent() {
    absences.add();
    long missing = shape.absentCount();
    if (missing == 1) {
      shape.settle();
      sink.putAbsent(sink.grow(1));
    } else {
      breach("no value, where a row has " + missing);
    }
    rows++;
  }

  private void breach(String text) {
    if (breach.isEmpty() && !text.isEmpty()) {
      breach = "in instances[" + rows + "] " + text;
    }
  }
}
