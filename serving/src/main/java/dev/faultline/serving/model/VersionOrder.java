package dev.faultline.serving.model;

import java.math.BigInteger;
import java.util.Comparator;

/// Orders version names: numbers by value and after all other names, other names as text.
public final class VersionOrder implements Comparator<String> {
  public static final VersionOrder INSTANCE = new VersionOrder();

  private VersionOrder() {}

  @Override
  public int compare(String left, String right) {
    boolean leftNumeric = isNumeric(left);
    boolean rightNumeric = isNumeric(right);
    if (leftNumeric && rightNumeric) {
      int byValue = new BigInteger(left).compareTo(new BigInteger(right));
      return byValue != 0 ? byValue : left.compareTo(right);
    }
    return leftNumeric == rightNumeric ? left.compareTo(right) : Boolean.compare(leftNumeric, rightNumeric);
  }

  private static boolean isNumeric(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
