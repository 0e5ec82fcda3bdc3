/// HTTP as both ports need it: routes, answers, bodies, and connections whose caller can be seen to leave.
@NullMarked
package dev.faultline.server.http;

import org.jspecify.annotations.NullMarked;
