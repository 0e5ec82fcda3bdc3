package dev.faultline.evaluation.traffic;

import java.util.List;
import java.util.random.RandomGenerator;

/// The clients of a case, some large, some small; two share an app and a library, so that their headers cannot tell them apart.
public final class Crowd {
  private static final List<Client> CLIENTS = List.of(
      new Client("web", "okhttp/4.12", "7.1"),
      new Client("mobile-ios", "faultline-swift/2.0", "3.4"),
      new Client("mobile-android", "okhttp/4.12", "3.4"),
      new Client("batch-scoring", "python-requests/2.32", "1.0"),
      new Client("partner-a", "python-requests/2.31", "1.0"),
      new Client("partner-b", "Go-http-client/1.1", "1.2"));
  private static final double[] SHARES = {.35, .2, .18, .12, .1, .05};

  private Crowd() {}

  public static List<Client> all() {
    return CLIENTS;
  }

  /// One of the clients by their shares of the traffic.
  public static Client draw(RandomGenerator random) {
    double at = random.nextDouble();
    for (int i = 0; i < SHARES.length; i++) {
      at -= SHARES[i];
      if (at < 0) {
        return CLIENTS.get(i);
      }
    }
    return CLIENTS.getLast();
  }
}
