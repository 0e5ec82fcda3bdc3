/// The wire: payloads into requests, responses into payloads, and the forms a fault takes in front of a caller.
@NullMarked
package dev.faultline.protocol;

import org.jspecify.annotations.NullMarked;
