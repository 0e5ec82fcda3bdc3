package dev.faultline.fault;

/// Who must act first.
public enum Blame {
  CALLER,
  MODEL,
  SERVER,
  CAPACITY,
  UPSTREAM
}
