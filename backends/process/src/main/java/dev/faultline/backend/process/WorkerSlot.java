package dev.faultline.backend.process;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Thrown;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.util.List;

/// One connection on which the worker runs one request at a time, on a platform thread of its own.
final class WorkerSlot {
  private final Wire wire;
  private final SharedRegion in;
  private final SharedRegion out;
  private final LoadedModel model;
  private final StopSwitch stops;

  WorkerSlot(Wire wire, SharedRegion in, SharedRegion out, LoadedModel model, StopSwitch stops) {
    this.wire = wire;
    this.in = in;
    this.out = out;
    this.model = model;
    this.stops = stops;
  }

  /// Serves until the parent hangs up.
  void serve() throws IOException {
    try (wire;
        in;
        out) {
      while (true) {
        answer(wire.receive().expect(FrameKind.RUN));
      }
    } catch (WireException e) {
      throw e;
    } catch (IOException e) {
      // the parent closed this slot; closing the whole worker is said on the control connection
    }
  }

  private void answer(WireReader frame) throws IOException {
    long run = frame.i64();
    List<Tensor> inputs = TensorWire.read(frame, in, TensorWire.Storage.VIEW);
    frame.end();
    try {
      done(model.run(inputs, stops.begin(run)));
    } catch (FaultException e) {
      failed(e);
    } catch (RegionFullException e) {
      fault(new InferFault.OutOfMemory(String.valueOf(e.getMessage()), List.of(), List.of(), List.of(Thrown.of(e))));
    } catch (OutOfMemoryError e) {
      // one allocation too large for this heap is the run's own affair: the next one may be smaller
      fault(new InferFault.OutOfMemory("Java heap of the worker: " + e.getMessage(), List.of(), List.of(), List.of(Thrown.of(e))));
    } catch (RuntimeException e) {
      defect(e);
    } finally {
      stops.end();
    }
    wire.send();
  }

  private void done(RunResult result) throws IOException {
    ResultWire.write(wire.start(FrameKind.DONE), result, out);
  }

  private void failed(FaultException e) {
    switch (e.fault()) {
      case InferFault.OutOfMemory fault -> FaultWire.write(wire.start(FrameKind.EXHAUSTED), fault);
      case InferFault fault -> fault(fault);
      case Fault _ -> defect(e);
    }
  }

  private void fault(InferFault fault) {
    FaultWire.write(wire.start(FrameKind.FAULT), fault);
  }

  private void defect(RuntimeException e) {
    FaultWire.thrown(wire.start(FrameKind.DEFECT), Thrown.of(e));
  }
}
