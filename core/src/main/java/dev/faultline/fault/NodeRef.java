package dev.faultline.fault;

/// A graph node: position in topological order (-1 when unknown), name, operator and the output concerned (may be empty).
public record NodeRef(int index, String name, String op, String output) {

  @Override
  public String toString() {
    return name + " (" + op + (index < 0 ? "" : ", #" + index) + ")";
  }
}
