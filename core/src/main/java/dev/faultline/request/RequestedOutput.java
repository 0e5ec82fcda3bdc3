package dev.faultline.request;

import java.util.Map;

/// An output the caller named, with its protocol parameters.
public record RequestedOutput(String name, Map<String, Object> parameters) {
  public RequestedOutput {
    parameters = Map.copyOf(parameters);
  }
}
