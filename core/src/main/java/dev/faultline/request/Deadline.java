package dev.faultline.request;

/// The moment after which the caller no longer wants an answer, on the monotonic clock; the budget is what the caller asked for.
public record Deadline(long atNanos, long budgetNanos) {
  public static final Deadline NEVER = new Deadline(Long.MAX_VALUE, Long.MAX_VALUE);

  /// `budgetNanos` after `startNanos`; zero or less means no deadline.
  public static Deadline after(long startNanos, long budgetNanos) {
    return budgetNanos <= 0 ? NEVER : new Deadline(startNanos + budgetNanos, budgetNanos);
  }

  public boolean isNever() {
    return budgetNanos == Long.MAX_VALUE;
  }

  public long remainingNanos(long nowNanos) {
    return isNever() ? Long.MAX_VALUE : atNanos - nowNanos;
  }

  public Deadline earlier(Deadline other) {
    return other.isNever() || (!isNever() && atNanos - other.atNanos <= 0) ? this : other;
  }
}
