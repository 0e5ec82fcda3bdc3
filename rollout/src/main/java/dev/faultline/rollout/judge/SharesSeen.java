package dev.faultline.rollout.judge;

import java.util.ArrayList;
import java.util.List;

/// The different shares of traffic that the candidate had, in the order of their first request. Each is a cell in which requests are compared with each other only.
final class SharesSeen {
  /// A ramp has five or so; a weight set by hand has a few more.
  static final int MAX = 64;

  private final List<Double> shares;
  private int latest;

  SharesSeen(List<Double> shares) {
    this.shares = new ArrayList<>(shares);
    latest = Math.max(0, shares.size() - 1);
  }

  /// The cell of a share, or -1 when there is no room for another.
  int cell(double share) {
    if (latest < shares.size() && shares.get(latest) == share) {
      return latest;
    }
    int cell = shares.indexOf(share);
    if (cell < 0 && shares.size() < MAX) {
      cell = shares.size();
      shares.add(share);
    }
    latest = Math.max(0, cell);
    return cell;
  }

  List<Double> state() {
    return List.copyOf(shares);
  }

  int size() {
    return shares.size();
  }
}
