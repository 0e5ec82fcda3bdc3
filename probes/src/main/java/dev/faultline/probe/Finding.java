package dev.faultline.probe;

import dev.faultline.fault.Mend;
import java.util.List;

/// A probe, its answer, and what is thought of it. `mends` is empty where nothing needs mending.
public record Finding(Probe probe, String requestId, Reply reply, Rating rating, String found, List<Mend> mends) {
  public Finding {
    mends = List.copyOf(mends);
  }

  /// The fault or suspicion that the answer names; one with an empty code when it names none.
  public HeaderFault fault() {
    return switch (reply) {
      case Reply.Answered answer -> answer.fault().isNone() ? answer.suspicion() : answer.fault();
      case Reply.Silent _, Reply.Cut _ -> HeaderFault.NONE;
    };
  }

  /// The HTTP status; 0 when there was no answer.
  public int status() {
    return reply instanceof Reply.Answered answer ? answer.status() : 0;
  }
}
