package dev.faultline.cli;

/// One request that the demo sends. `expected` is the fault code it must end in, or empty when it must be served; `blindCanary` says
/// that it takes a row without speed to version 2, whose answer must be suspicious.
record DemoCall(String client, String path, String body, String expected, boolean blindCanary) {}
