package dev.faultline.serving.landmark;

import java.util.function.Supplier;

/// What a generated class of landmarks implements: work is done below the method with that number. Public because the generated classes
/// have class loaders of their own.
public interface Passes {
  Object pass(int number, Supplier<?> work);
}
