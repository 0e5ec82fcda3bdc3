package dev.faultline.server.contract;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturePage;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import dev.faultline.capture.CaptureStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The kept requests of a model, the oldest first. Only their places are held at a time, never their bodies.
final class Traffic {
  private final CaptureStore store;

  Traffic(CaptureStore store) {
    this.store = store;
  }

  /// Where a request is kept, and when it came.
  record Place(String capture, KeptCall.Kind kind, Instant at, double standsFor) {}

  /// At most `limit` good ones and as many of the others, the newest. `version` is empty for all versions.
  Listing list(String model, String version, int limit) {
    CaptureQuery all = CaptureQuery.all().where(By.MODEL, model);
    CaptureQuery some = version.isEmpty() ? all : all.where(By.VERSION, version);
    var listing = new Listing(new ArrayList<>(), new ArrayList<>(), 0);
    int unrelated = 0;
    for (Capture.Kind kind : Capture.Kind.values()) {
      for (Capture capture : newest(some.where(By.KIND, kind.name()), limit)) {
        Optional<KeptCall.Kind> became = KeptCall.kind(capture);
        unrelated += became.isEmpty() ? 1 : 0;
        became.ifPresent(known -> (known == KeptCall.Kind.GOOD ? listing.good() : listing.others()).add(new Place(capture.id(), known, capture.at(), 1 / capture.samplingRate())));
      }
    }
    return new Listing(oldestFirst(listing.good()), oldestFirst(listing.others()), unrelated);
  }

  /// `unrelated` counts requests that failed by no fault of theirs.
  record Listing(List<Place> good, List<Place> others, int unrelated) {}

  /// Empty when it has gone with the oldest meanwhile, or its body was not kept.
  Optional<KeptCall> read(Place place) {
    return store.find(place.capture()).flatMap(capture -> KeptCall.of(capture, place.kind()));
  }

  private List<Capture> newest(CaptureQuery query, int limit) {
    var found = new ArrayList<Capture>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && found.size() < limit) {
      CapturePage page = store.query(query.after(cursor.get()).limit(limit - found.size()));
      found.addAll(page.items());
      cursor = page.next();
    }
    return found;
  }

  private static List<Place> oldestFirst(List<Place> places) {
    return places.stream().sorted(java.util.Comparator.comparing(Place::at)).toList();
  }
}
