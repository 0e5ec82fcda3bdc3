package dev.faultline.server.profile;

/// A profile cannot be taken. The message says why, for people.
public class ProfileException extends Exception {
  public ProfileException(String message) {
    super(message);
  }

  public ProfileException(String message, Throwable cause) {
    super(message, cause);
  }
}
