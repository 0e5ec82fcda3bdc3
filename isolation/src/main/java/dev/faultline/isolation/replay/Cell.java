package dev.faultline.isolation.replay;

/// One cell of the factorial experiment: the failing request with one thing changed. The code is the usual name.
public enum Cell {
  /// The failing input on the suspect version, alone, in a fresh worker, with generous limits.
  ALONE("R0"),
  /// A passing input on the suspect version.
  PASSING_INPUT("R1"),
  /// The failing input on the last version known to be good.
  LAST_GOOD_VERSION("R2"),
  /// With the rows that were in its batch.
  ORIGINAL_BATCH("R3"),
  /// On the server that it failed on.
  ORIGINAL_REPLICA("R4"),
  /// With the memory, threads and deadline that it had.
  ORIGINAL_LIMITS("R5"),
  /// With other requests at the same time.
  CONCURRENT("R6"),
  /// With recorded answers in place of the services that it depends on.
  UPSTREAM_STUBBED("R7"),
  /// After the requests that the same instance served before.
  AFTER_EARLIER_REQUESTS("R8");

  private final String code;

  Cell(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
