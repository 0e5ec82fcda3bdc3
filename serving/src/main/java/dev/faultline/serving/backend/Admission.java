package dev.faultline.serving.backend;

/// QUEUE: lets a request in to one model version, or refuses it.
public interface Admission {

  /// Waits for a place. The place is closed by whoever got it.
  ///
  /// @throws dev.faultline.fault.FaultException carrying a `QueueFault`, or a `StoppedFault` of QUEUE
  Place admit(Ask ask);
}
