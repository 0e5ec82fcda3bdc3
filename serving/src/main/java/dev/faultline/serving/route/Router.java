package dev.faultline.serving.route;

import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;

/// ROUTE: decides which model version answers.
@FunctionalInterface
public interface Router {

  /// @throws dev.faultline.fault.FaultException carrying a `RouteFault`
  Route route(InferenceRequest request, Arrival arrival);
}
