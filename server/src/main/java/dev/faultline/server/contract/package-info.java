/// Contracts held against kept traffic, for people who write them: what one would refuse, how two differ, what good requests teach, and one rule more.
@NullMarked
package dev.faultline.server.contract;

import org.jspecify.annotations.NullMarked;
