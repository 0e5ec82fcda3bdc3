package dev.faultline.serving.batch;

/// Whether a version's requests are joined into batches, and why not. `rowsMax` is the limit that holds now; it falls when larger
/// batches turn out not to work.
public record BatchStanding(State state, String reason, int rowsMax) {

  public enum State {
    /// It was not asked for.
    OFF,
    ON,
    /// It was asked for, and the model is not fit for it.
    REFUSED
  }

  static final BatchStanding OFF = new BatchStanding(State.OFF, "", 1);

  static BatchStanding on(int rowsMax) {
    return new BatchStanding(State.ON, "", rowsMax);
  }

  static BatchStanding refused(String reason) {
    return new BatchStanding(State.REFUSED, reason, 1);
  }

  public boolean isOn() {
    return state == State.ON;
  }
}
