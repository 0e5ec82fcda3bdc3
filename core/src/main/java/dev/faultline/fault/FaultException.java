package dev.faultline.fault;

/// Carries a fault from inside a stage to the pipeline and no further.
public final class FaultException extends RuntimeException {
  private final transient Fault fault;

  public FaultException(Fault fault) {
    super(fault.summary());
    this.fault = fault;
  }

  public FaultException(Fault fault, Throwable cause) {
    super(fault.summary(), cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
