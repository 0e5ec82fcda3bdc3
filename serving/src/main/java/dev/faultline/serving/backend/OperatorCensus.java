package dev.faultline.serving.backend;

import java.util.List;

/// Looks which operators a file holds without running any of it, so that it can be said beforehand where it may run.
@FunctionalInterface
public interface OperatorCensus {

  /// The operators of the graph and of the bodies in it, without those that are seen to be harmless: a division by a constant that is not
  /// -1 overflows for no input. Empty when the file cannot be read, which loading it will report.
  List<OperatorUse> uses(Artifact artifact);
}
