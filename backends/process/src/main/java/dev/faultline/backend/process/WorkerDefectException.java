package dev.faultline.backend.process;

import dev.faultline.fault.Thrown;

/// The backend in the worker threw what no backend may throw; the message holds its whole trace.
final class WorkerDefectException extends RuntimeException {
  WorkerDefectException(Thrown thrown) {
    super("the backend in the worker threw " + thrown.trace());
  }
}
