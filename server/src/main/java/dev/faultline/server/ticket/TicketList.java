package dev.faultline.server.ticket;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Tickets by id. When there are more than the bound the oldest that are over are forgotten, never one that waits or runs.
public final class TicketList<T> {
  private final int rememberedMax;
  private final Function<T, String> id;
  private final Predicate<T> isOver;
  private final Map<String, T> tickets = new LinkedHashMap<>();

  public TicketList(int rememberedMax, Function<T, String> id, Predicate<T> isOver) {
    this.rememberedMax = rememberedMax;
    this.id = id;
    this.isOver = isOver;
  }

  public synchronized void remember(T ticket) {
    tickets.put(id.apply(ticket), ticket);
    var oldest = tickets.values().iterator();
    while (tickets.size() > rememberedMax && oldest.hasNext()) {
      if (isOver.test(oldest.next())) {
        oldest.remove();
      }
    }
  }

  public synchronized void forget(T ticket) {
    tickets.remove(id.apply(ticket));
  }

  public synchronized Optional<T> find(String wanted) {
    return Optional.ofNullable(tickets.get(wanted));
  }

  /// Newest first.
  public synchronized List<T> newestFirst() {
    return new ArrayList<>(tickets.values()).reversed();
  }
}
