package dev.tandem.cli.controlplane;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one form of webhook match condition a local run can evaluate: who makes the request. CEL is
 * not interpreted; of an expression made of other terms nothing is known, so it counts as true and
 * the webhook is asked, which answers for itself. The real control plane evaluates all of it.
 */
final class UserCondition {

  private static final Pattern COMPARISON =
      Pattern.compile("request\\.userInfo\\.username\\s*(==|!=)\\s*(['\"])(.*?)\\2");

  private UserCondition() {}

  static boolean holds(String expression, String user) {
    Matcher matcher = COMPARISON.matcher(expression.strip());
    if (!matcher.matches()) {
      return true;
    }
    return matcher.group(1).equals("==") == matcher.group(3).equals(user);
  }
}
