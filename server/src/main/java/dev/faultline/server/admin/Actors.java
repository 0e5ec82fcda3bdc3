package dev.faultline.server.admin;

import dev.faultline.server.http.Call;
import dev.faultline.server.release.Actor;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;

/// Who calls: the name in `X-Actor`, else how it was let in.
final class Actors {
  private static final HeaderName X_ACTOR = HeaderNames.create("X-Actor");

  private Actors() {}

  static Actor of(Call call) {
    String named = call.header(X_ACTOR).strip();
    String admitted = call.header(HeaderNames.AUTHORIZATION).isEmpty() ? "local" : "admin.token";
    return new Actor(named.isEmpty() ? admitted : named, call.peerHost());
  }
}
