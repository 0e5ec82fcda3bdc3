/// One inference call: what arrived, what was asked, what was answered, and what it left behind on its way.
@NullMarked
package dev.faultline.request;

import org.jspecify.annotations.NullMarked;
