package dev.faultline.capture;

/// The store could not do what it was asked. The message says what was found, what was expected and how to mend it; nothing of a
/// failed batch was kept, and the store can be asked again.
public final class CaptureStoreException extends RuntimeException {
  public CaptureStoreException(String message) {
    super(message);
  }

  public CaptureStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
