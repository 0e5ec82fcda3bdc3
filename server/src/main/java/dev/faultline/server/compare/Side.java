package dev.faultline.server.compare;

import dev.faultline.capture.Capture;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The requests of one side of a comparison, how many more could not be compared because nothing could be decoded, and whether more are kept than
/// were read.
record Side(Selection of, List<Seen> seen, int undecoded, boolean more) {
  Side {
    seen = List.copyOf(seen);
  }

  int size() {
    return seen.size();
  }

  boolean isMostlyDecoded() {
    return 2 * seen.stream().filter(Seen::decoded).count() >= seen.size();
  }

  Side decodedOnly() {
    List<Seen> decoded = seen.stream().filter(Seen::decoded).toList();
    return new Side(of, decoded, undecoded + seen.size() - decoded.size(), more);
  }

  Side without(Side other) {
    Set<String> gone = other.seen().stream().map(Seen::id).collect(Collectors.toSet());
    return new Side(of, seen.stream().filter(each -> !gone.contains(each.id())).toList(), undecoded, more);
  }

  /// The selection of those that came in the same hours as this side's.
  Selection besides(Selection other) {
    Instant first = seen.stream().map(each -> each.capture().at()).min(Instant::compareTo).orElse(Instant.MIN);
    Instant last = seen.stream().map(each -> each.capture().at()).max(Instant::compareTo).orElse(Instant.MAX);
    return seen.isEmpty() ? other : other.within(first.truncatedTo(ChronoUnit.HOURS), last.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS));
  }

  boolean everyOneMetAVersion() {
    return seen.stream().map(Seen::capture).noneMatch(capture -> capture.version().isNone());
  }

  List<String> models() {
    return seen.stream().map(Seen::capture).map(Capture::version).map(version -> version.model()).distinct().toList();
  }
}
