package dev.faultline.server.contract;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturePage;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import dev.faultline.capture.CaptureStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The kept requests of a model, read a page at a time: one by one they cost a query each.
final class Traffic {
  /// Bodies are in memory for so many requests at most, fewer where they are large.
  private static final int PAGE_MAX = CaptureQuery.LIMIT_MAX;

  private final CaptureStore store;

  Traffic(CaptureStore store) {
    this.store = store;
  }

  /// Takes one request after the other; an empty one has no body, or has gone with the oldest.
  interface Visitor {
    void take(Optional<KeptCall> call) throws InterruptedException;
  }

  /// What there is: when each good request came, the newest first, and how many others there are.
  record Listing(CaptureQuery good, List<Instant> goodAt, List<CaptureQuery> others, int otherCount, int limit) {
    Listing {
      goodAt = List.copyOf(goodAt);
      others = List.copyOf(others);
    }

    int count() {
      return goodAt.size() + otherCount;
    }

    Optional<Instant> oldest() {
      return goodAt.isEmpty() ? Optional.empty() : Optional.of(goodAt.getLast());
    }

    Optional<Instant> newest() {
      return goodAt.isEmpty() ? Optional.empty() : Optional.of(goodAt.getFirst());
    }

    /// The good requests before the newest `count`.
    CaptureQuery goodBefore(int count) {
      return count == 0 || goodAt.isEmpty() ? good : good.until(goodAt.get(count - 1));
    }

    CaptureQuery goodNewest(int count) {
      return good.since(count == 0 || goodAt.isEmpty() ? good.until() : goodAt.get(count - 1));
    }
  }

  /// At most `limit` good ones and as many of each kind of the others, the newest. `version` is empty for all versions. What comes later is not a part of it.
  Listing list(String model, String version, int limit) {
    CaptureQuery all = CaptureQuery.all().where(By.MODEL, model);
    CaptureQuery some = version.isEmpty() ? all : all.where(By.VERSION, version);
    List<Instant> goodAt = times(some.where(By.KIND, Capture.Kind.BASELINE.name()), limit);
    Instant until = goodAt.isEmpty() ? Instant.MAX : goodAt.getFirst().plus(1, ChronoUnit.MICROS);
    CaptureQuery good = some.where(By.KIND, Capture.Kind.BASELINE.name()).until(until);
    List<CaptureQuery> others = List.of(some.where(By.KIND, Capture.Kind.FAULT.name()), some.where(By.KIND, Capture.Kind.SUSPICION.name()));
    int count = others.stream().mapToInt(query -> times(query, limit).size()).sum();
    return new Listing(goodAt.isEmpty() ? good : good.since(goodAt.getLast()), goodAt, others, count, limit);
  }

  /// Visits the requests of a query.
  ///
  /// @return how many were not visited, because they failed by no fault of theirs
  int visit(CaptureQuery query, int limit, Visitor visitor) throws InterruptedException {
    int unrelated = 0;
    int seen = 0;
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && seen < limit) {
      CapturePage page = store.query(query.whole().after(cursor.get()).limit(Math.min(PAGE_MAX, limit - seen)));
      for (Capture capture : page.items()) {
        seen++;
        Optional<KeptCall.Kind> kind = KeptCall.kind(capture);
        unrelated += kind.isEmpty() ? 1 : 0;
        if (kind.isPresent()) {
          visitor.take(KeptCall.of(capture, kind.get()));
        }
      }
      cursor = page.next();
    }
    return unrelated;
  }

  /// Good ones and others.
  ///
  /// @return as [#visit]
  int visitAll(Listing listing, Visitor visitor) throws InterruptedException {
    int unrelated = visit(listing.good(), listing.limit(), visitor);
    for (CaptureQuery others : listing.others()) {
      unrelated += visit(others, listing.limit(), visitor);
    }
    return unrelated;
  }

  private List<Instant> times(CaptureQuery query, int limit) {
    var times = new ArrayList<Instant>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && times.size() < limit) {
      CapturePage page = store.query(query.after(cursor.get()).limit(Math.min(CaptureQuery.LIMIT_MAX, limit - times.size())));
      page.items().forEach(capture -> times.add(capture.at()));
      cursor = page.next();
    }
    return times;
  }
}
