package dev.faultline.server.alert;

import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.server.keep.Kept;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Tells of each fault group once, when its first fault has come. Groups that are known from before a restart are no news.
public final class GroupNews implements Consumer<Kept> {
  /// Fingerprints remembered; a little more than groups are.
  private static final int KNOWN_MAX = 4_096;

  private final FaultGroups groups;
  private final List<Consumer<FaultGroup>> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, Boolean> known = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > KNOWN_MAX;
    }
  };

  public GroupNews(FaultGroups groups) {
    this.groups = groups;
  }

  /// `listener` is called on the thread of the request: it must not wait.
  public void listen(Consumer<FaultGroup> listener) {
    listeners.add(listener);
  }

  @Override
  public void accept(Kept kept) {
    if (isKnown(kept.context().fingerprint())) {
      return;
    }
    groups.find(kept.context().group())
        .filter(group -> group.firstSeen().equals(kept.occurrence().occurredAt()))
        .ifPresent(group -> listeners.forEach(listener -> listener.accept(group)));
  }

  private boolean isKnown(String fingerprint) {
    synchronized (known) {
      return known.put(fingerprint, true) != null;
    }
  }
}
