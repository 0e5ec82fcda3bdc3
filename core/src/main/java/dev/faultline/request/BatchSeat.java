package dev.faultline.request;

/// Where a request sat in the batch that ran it: `requests` and `rows` of the whole batch, `firstRow` where its own `ownRows` began.
public record BatchSeat(int requests, int rows, int firstRow, int ownRows) {
  /// The request ran by itself, or did not run.
  public static final BatchSeat NONE = new BatchSeat(0, 0, 0, 0);

  public boolean isNone() {
    return requests == 0;
  }
}
