package dev.faultline.backend.process;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Thrown;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One way into a worker, for one run at a time: a connection and two shared regions, kept from run to run.
final class Slot implements AutoCloseable {
  private final WorkerFolder folder;
  private final int number;
  private final long regionBytesMax;
  private final Wire wire;
  private final SharedRegion in;
  private @Nullable SharedRegion out;
  private long runs;
  private boolean exhausted;

  private Slot(WorkerFolder folder, int number, long regionBytesMax, Wire wire, SharedRegion in) {
    this.folder = folder;
    this.number = number;
    this.regionBytesMax = regionBytesMax;
    this.wire = wire;
    this.in = in;
  }

  static Slot open(WorkerFolder folder, int number, long regionBytesMax) throws IOException {
    SharedRegion in = SharedRegion.create(folder.inputs(number), regionBytesMax);
    Wire wire = Wire.connect(folder.workerSocket());
    wire.greet(FrameKind.OPEN).i32(number).i64(regionBytesMax);
    wire.send();
    return new Slot(folder, number, regionBytesMax, wire, in);
  }

  int number() {
    return number;
  }

  /// What the next run will be called.
  long nextRun() {
    return runs;
  }

  /// Whether the worker has said that its engine's memory is not to be relied on.
  boolean isExhausted() {
    return exhausted;
  }

  /// @throws FaultException with what the worker reports
  /// @throws IOException when the worker is gone, or the inputs do not fit
  RunResult run(List<Tensor> inputs) throws IOException {
    TensorWire.write(wire.start(FrameKind.RUN).i64(runs++), inputs, in);
    wire.send();
    WireReader answer = wire.receive();
    return switch (answer.kind()) {
      case DONE -> ResultWire.read(answer, out());
      case FAULT -> throw new FaultException(fault(answer));
      case EXHAUSTED -> {
        exhausted = true;
        throw new FaultException(fault(answer));
      }
      case DEFECT -> throw new WorkerDefectException(thrown(answer));
      case HELLO, FAILED, LOAD, LOADED, REFUSED, STOP, OPEN, RUN -> throw new WireException("an answer of another kind (expected: DONE, FAULT, EXHAUSTED or DEFECT)");
    };
  }

  @Override
  public void close() throws IOException {
    wire.close();
    in.close();
    if (out != null) {
      out.close();
    }
  }

  private static InferFault fault(WireReader answer) throws WireException {
    InferFault fault = FaultWire.read(answer);
    answer.end();
    return fault;
  }

  private static Thrown thrown(WireReader answer) throws WireException {
    Thrown thrown = FaultWire.thrown(answer, 0);
    answer.end();
    return thrown;
  }

  /// The worker has made the file by the time it answers.
  private SharedRegion out() throws IOException {
    SharedRegion opened = out == null ? SharedRegion.open(folder.outputs(number), regionBytesMax) : out;
    out = opened;
    return opened;
  }
}
