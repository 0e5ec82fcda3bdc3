package dev.faultline.backend.process;

/// Hears what happens to workers. Called from the threads to which it happens, requests' included, so it must not wait.
@FunctionalInterface
public interface WorkerListener {
  WorkerListener NONE = (_, _, _) -> {};

  void on(String model, String version, WorkerEvent event);
}
