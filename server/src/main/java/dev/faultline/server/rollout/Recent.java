package dev.faultline.server.rollout;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map in which the oldest entry makes room for the newest.
final class Recent<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;

  private final int sizeMax;

  Recent(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > sizeMax;
  }
}
