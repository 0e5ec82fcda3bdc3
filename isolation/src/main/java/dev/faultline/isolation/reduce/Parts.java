package dev.faultline.isolation.reduce;

import java.util.List;

/// How an element is made of smaller ones, such as a tensor of its slices or a text of its halves.
@FunctionalInterface
public interface Parts<E> {

  /// The parts, which together are the element, the most suspicious first; an element that has none is returned alone or not at all.
  List<E> of(E element);

  /// No element has parts.
  static <E> Parts<E> none() {
    return List::of;
  }
}
