/// Contract tests: whoever implements an interface nests its contract class and overrides how one is made.
@NullMarked
package dev.faultline.testkit;

import org.jspecify.annotations.NullMarked;
