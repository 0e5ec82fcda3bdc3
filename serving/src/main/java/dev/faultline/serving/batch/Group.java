package dev.faultline.serving.batch;

import dev.faultline.serving.backend.Batching;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Requests of one key that wait for a batch, by priority and then by age. Guarded by the batcher's lock.
final class Group {
  static final Comparator<Member> ORDER = Comparator.comparingInt((Member each) -> each.level).thenComparingLong(each -> each.turn);

  private final List<Member> members = new ArrayList<>();
  private int rows;

  void add(Member member) {
    int at = Collections.binarySearch(members, member, ORDER);
    members.add(-at - 1, member);
    rows += member.rows;
  }

  boolean remove(Member member) {
    boolean there = members.remove(member);
    rows -= there ? member.rows : 0;
    return there;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  int rows() {
    return rows;
  }

  Member first() {
    return members.getFirst();
  }

  List<Member> members() {
    return List.copyOf(members);
  }

  /// Zero or less when a batch of it should start.
  long nanosUntilReady(long nowNanos, int rowsMax, Batching terms) {
    boolean preferred = terms.preferredRows().stream().anyMatch(size -> size <= Math.min(rows, rowsMax));
    if (rows >= rowsMax || preferred) {
      return 0;
    }
    long oldest = members.stream().mapToLong(member -> member.joinedAtNanos).min().orElse(nowNanos);
    return TimeUnit.MICROSECONDS.toNanos(terms.delayMaxMicros()) - (nowNanos - oldest);
  }

  /// Takes out the next batch: as many of the first as the largest preferred size that is reached, or `rowsMax`, holds; one at least.
  List<Member> take(int rowsMax, Batching terms) {
    int target = terms.preferredRows().stream().filter(size -> size <= Math.min(rows, rowsMax)).max(Comparator.naturalOrder()).orElse(rowsMax);
    int count = 1;
    int sum = members.getFirst().rows;
    while (count < members.size() && sum + members.get(count).rows <= target) {
      sum += members.get(count).rows;
      count++;
    }
    List<Member> taken = List.copyOf(members.subList(0, count));
    members.subList(0, count).clear();
    rows -= sum;
    return taken;
  }
}
